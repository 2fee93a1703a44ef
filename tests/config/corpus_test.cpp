#include <doctest/doctest.h>
#include "base/text.hpp"
#include "config/config.hpp"
#include "config/corpus_file.hpp"
#include "config/manifest_reader.hpp"

using namespace motionspool;

namespace {

/// What is said of a manifest before its files are looked at.
Complaints complaints_in(const std::string& text) {
    auto read = config::read_manifest(text, {}, config::manifest_limits(config::Config{}));
    if (!read.manifest) return std::move(read.complaints);
    for (auto& complaint : domain::expand(*read.manifest, {}, 10'000).complaints) read.complaints.push_back(std::move(complaint));
    return std::move(read.complaints);
}

template <typename Judge>
void check_all(const std::vector<corpus::FileCase>& cases, const Judge& judge) {
    for (const auto& one : cases) {
        CAPTURE(one.name);
        const auto complaints = judge(one.text);
        CHECK(any_error(complaints));
        CHECK(join(corpus::as_said(complaints, one.text), "\n") == join(one.says, "\n"));
    }
}

}  // namespace

TEST_CASE("the mistakes people make in manifests are told as the corpus says, word by word") {
    const auto cases = corpus::read_cases(TESTS_DATA "/bad-manifests.txt");
    CHECK(cases.size() >= 290);
    check_all(cases, complaints_in);
}

TEST_CASE("the mistakes people make in configurations are told as the corpus says, word by word") {
    const auto cases = corpus::read_cases(TESTS_DATA "/bad-configurations.txt");
    CHECK(cases.size() >= 150);
    check_all(cases, [](const std::string& text) { return config::parse_config(text).complaints; });
}
