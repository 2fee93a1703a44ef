#include <doctest/doctest.h>
#include <sstream>
#include "base/text.hpp"
#include "config/config.hpp"
#include "support/temp_folder.hpp"

using namespace motionspool;
using namespace motionspool::config;

namespace {

std::string shipped() { return test::read_file(EXAMPLES "/../motionspool.yaml"); }

/// Does a key begin at the front of `text`, as in "#per_day: none"? Sentences in comments have a space before their first word.
bool begins_with_key(std::string_view text) {
    const auto end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
    return end != std::string_view::npos && end > 0 && text[end] == ':';
}

/// The file with its keys that are commented out put into effect.
std::string with_everything() {
    std::istringstream file{shipped()};
    std::string out;
    for (std::string line; std::getline(file, line); out += line + '\n') {
        const auto mark = line.find_first_not_of(' ');
        if (mark != std::string::npos && line[mark] == '#' && begins_with_key(std::string_view{line}.substr(mark + 1))) line.erase(mark, 1);
    }
    return out;
}

/// Is there a line that begins with the key?
bool has_key(std::string_view text, std::string_view key) {
    std::istringstream lines{std::string{text}};
    for (std::string line; std::getline(lines, line);)
        if (trim(line).starts_with(std::string{key} + ":")) return true;
    return false;
}

}  // namespace

TEST_CASE("the configuration that is shipped says what the defaults are") {
    const auto loaded = parse_config(shipped());
    CHECK(loaded.complaints.empty());
    CHECK(loaded.config == Config{});
    CHECK(loaded.not_yet.empty());
}

TEST_CASE("what it has commented out are defaults, too, and all that has no effect yet") {
    const auto text = with_everything();
    const auto loaded = parse_config(text);
    CHECK(join(to_lines(loaded.complaints, "motionspool.yaml", text), "\n").empty());
    CHECK(loaded.config == Config{});
    const std::vector<std::string> expected{"output.draft_name", "status.listen", "status.hosts"};  // what is empty turns nothing on
    CHECK(join(loaded.not_yet, " ") == join(expected, " "));
}

TEST_CASE("every key there is stands in it") {
    const auto text = with_everything();
    for (const auto* key : {"instance",      "spool",
                            "directory",     "media_roots",
                            "settle",        "patience",
                            "rescan",        "watch",
                            "output",        "name",
                            "draft_name",    "keep_free",
                            "state",         "provider",
                            "api_url",       "upload_url",
                            "api_key_file",  "model",
                            "result_hosts",  "upload_ttl",
                            "limits",        "submissions",
                            "polls",         "running",
                            "uploads",       "downloads",
                            "attempts",      "task_deadline",
                            "breaker",       "manifest_bytes",
                            "manifest_jobs", "credits",
                            "per_second",    "minimum",
                            "per_day",       "per_month",
                            "day_starts",    "keep_balance",
                            "ask_above",     "warn_below",
                            "shares",        "windows",
                            "timezone",      "manifest_defaults",
                            "webhook",       "public_url",
                            "listen",        "hmac_key_file",
                            "status",        "hosts",
                            "output_as",     "control",
                            "socket",        "hooks",
                            "job",           "batch",
                            "attention",     "log",
                            "level",         "format"}) {
        CAPTURE(key);
        CHECK(has_key(text, key));
    }
}
