#include "domain/remote_media.hpp"
#include <doctest/doctest.h>

using namespace motionspool;
using namespace motionspool::domain;

namespace {
RemoteFile told(std::string type, std::optional<std::uint64_t> bytes = {}) { return {RemoteFile::Said::something, {}, bytes, std::move(type)}; }
std::string first(const std::vector<std::string>& texts) { return texts.empty() ? "" : texts.front(); }
}  // namespace

TEST_CASE("of a file at a URL the type and size are judged as far as they were told") {
    for (const auto* type : {"image/jpeg", "image/jpg", "image/png", "application/octet-stream", "binary/octet-stream", ""})
        CHECK(judge_remote(told(type, 10'000'000), true).errors.empty());
    for (const auto* type : {"video/mp4", "video/quicktime", "video/x-matroska", "video/x-m4v", "application/mp4", ""})
        CHECK(judge_remote(told(type, 100'000'000), false).errors.empty());
    for (const auto* type : {"video/mp4", "image/webp", "image/gif", "text/plain", "audio/mpeg", "application/pdf"})
        CHECK(first(judge_remote(told(type), true).errors) == "the server calls it " + std::string{type} + "; expected a JPEG or PNG");
    CHECK(first(judge_remote(told("video/webm"), false).errors) == "the server calls it video/webm; expected MP4, QuickTime or Matroska");
    CHECK(first(judge_remote(told("text/html"), false).errors) ==
          "the server calls it text/html, a web page; expected MP4, QuickTime or Matroska, the file itself");
    CHECK(first(judge_remote(told("", 100'000'001), false).errors) == "the motion is 100.01 MB; at most 100 MB is accepted");
    CHECK(judge_remote(told("text/html", 11'000'000), true).errors.size() == 2);
}

TEST_CASE("silence is a warning, a missing file and an address that is off limits are errors") {
    const auto silent = judge_remote({RemoteFile::Said::nothing, "cdn.example answers HTTP 403", {}, {}}, true);
    CHECK(silent.errors.empty());
    CHECK(first(silent.warnings) == "its type and size could not be checked (cdn.example answers HTTP 403)");
    CHECK(first(judge_remote({RemoteFile::Said::not_there, "cdn.example answers HTTP 404", {}, {}}, true).errors) ==
          "there is no such file (cdn.example answers HTTP 404); expected a URL that can be fetched");
    CHECK(judge_remote({RemoteFile::Said::off_limits, "it names 10.0.0.1", {}, {}}, false).errors.size() == 1);
}
