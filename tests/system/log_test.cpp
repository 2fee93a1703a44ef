#include "system/log.hpp"
#include <doctest/doctest.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>
#include <functional>
#include "base/unique_fd.hpp"
#include "support/temp_folder.hpp"
#include "system/log_setup.hpp"

namespace motionspool::system {
namespace {

std::string line(LogFormat format, spdlog::level::level_enum level, std::string_view message) {
    const auto time = std::chrono::sys_days{std::chrono::November / 24 / 2026} + std::chrono::hours{22} + std::chrono::milliseconds{1'123};
    const spdlog::details::log_msg event{spdlog::log_clock::time_point{time.time_since_epoch()}, {}, "", level, {message.data(), message.size()}};
    spdlog::memory_buf_t out;
    make_log_formatter(format)->format(event, out);
    return {out.data(), out.size()};
}

/// What `something` writes to standard error while that is a file.
std::string standard_error_of(const std::function<void(const std::filesystem::path&)>& something) {
    const test::TempFolder folder;
    test::write_file(folder / "log", "");
    const UniqueFd before{::dup(STDERR_FILENO)};
    { std::freopen((folder / "log").c_str(), "a", stderr); }
    something(folder / "log");
    std::fflush(stderr);
    ::dup2(before.get(), STDERR_FILENO);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>(""));
    return test::read_file(folder / "log");
}

TEST_CASE("each format writes one event as one line") {
    CHECK(line(LogFormat::text, spdlog::level::info, "ready") == "2026-11-24T22:00:01Z info  ready\n");
    CHECK(line(LogFormat::text, spdlog::level::err, "disk full") == "2026-11-24T22:00:01Z error disk full\n");
    CHECK(line(LogFormat::json, spdlog::level::warn, "say \"hi\" \\") ==
          "{\"time\":\"2026-11-24T22:00:01.123Z\",\"level\":\"warn\",\"message\":\"say \\\"hi\\\" \\\\\"}\n");
    CHECK(line(LogFormat::journal, spdlog::level::info, "ready") == "<6>ready\n");
}

TEST_CASE("the journal gets syslog's priorities") {
    CHECK(line(LogFormat::journal, spdlog::level::err, "x").starts_with("<3>"));
    CHECK(line(LogFormat::journal, spdlog::level::warn, "x").starts_with("<4>"));
    CHECK(line(LogFormat::journal, spdlog::level::debug, "x").starts_with("<7>"));
    CHECK(line(LogFormat::journal, spdlog::level::trace, "x").starts_with("<7>"));
}

TEST_CASE("a hostile file name can neither forge a line nor steer a terminal") {
    const std::string_view hostile = "fox\n<0>all is lost\x1b[2J\x7f";
    CHECK(line(LogFormat::journal, spdlog::level::info, hostile) == "<6>fox\\n<0>all is lost\\x1b[2J\\x7f\n");
    CHECK(line(LogFormat::text, spdlog::level::info, hostile) == "2026-11-24T22:00:01Z info  fox\\n<0>all is lost\\x1b[2J\\x7f\n");
    CHECK(line(LogFormat::json, spdlog::level::info, hostile).find("\"fox\\u000a<0>all is lost\\u001b[2J\\u007f\"") != std::string::npos);
}

TEST_CASE("names in any script stay as they are") { CHECK(line(LogFormat::journal, spdlog::level::info, "füchse-狐") == "<6>füchse-狐\n"); }

TEST_CASE("the level decides what is written, and can be changed by another set-up") {
    const std::string written = standard_error_of([](const auto&) {
        set_up_log(LogLevel::warn, LogFormat::journal);
        log::info("too quiet");
        log::warn("loud {}", "enough");
        set_up_log(LogLevel::debug, LogFormat::journal);
        log::debug("now heard");
    });
    CHECK(written == "<4>loud enough\n<7>now heard\n");
}

TEST_CASE("automatic is the journal's format where standard error is the journal, and text elsewhere") {
    const std::string to_journal = standard_error_of([](const auto& path) {
        struct stat facts {};
        REQUIRE(::stat(path.c_str(), &facts) == 0);
        ::setenv("JOURNAL_STREAM", (std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino)).c_str(), 1);
        set_up_log(LogLevel::info, LogFormat::automatic);
        log::info("x");
    });
    CHECK(to_journal == "<6>x\n");
    const std::string elsewhere = standard_error_of([](const auto&) {
        ::setenv("JOURNAL_STREAM", "1:1", 1);
        set_up_log(LogLevel::info, LogFormat::automatic);
        log::info("x");
    });
    CHECK(elsewhere.ends_with("Z info  x\n"));
    ::unsetenv("JOURNAL_STREAM");
}

}  // namespace
}  // namespace motionspool::system
