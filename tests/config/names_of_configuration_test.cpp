#include <doctest/doctest.h>
#include "corpus.hpp"

// Shares and windows that a manifest names are the configuration's.
namespace motionspool::config {
namespace {
using namespace corpus;
using namespace motionspool::literals;

const ManifestLimits limits{.shares = {{"marketing", 10}, {"Füchse", 100}}, .windows = {"lunch", "night"}};

std::string complaints(const std::string& text) {
    const auto read = read_manifest(text, {}, limits);
    CHECK(read.manifest.has_value() == !any_error(read.complaints));
    return lines(read.complaints, text);
}

TEST_CASE("share, window and budget are read; names have the configuration's spelling") {
    const auto text = top("share: MARKETING\nwindow: Night\nbudget: 12.5\npriority: 10\n");
    CHECK(complaints(text) == "");
    const auto manifest = *read_manifest(text, {}, limits).manifest;
    CHECK(manifest.share->text == "marketing");
    CHECK(manifest.window->text == "night");
    CHECK(manifest.budget == Credits::from_milli(12'500));
}

TEST_CASE("none means none, whatever the defaults say") {
    const ManifestDefaults defaults{.priority = 50, .share = "marketing", .window = "night", .budget = 100_credits, .job = {}};
    const auto plain = read_manifest(top(""), defaults, limits);
    REQUIRE(plain.manifest);
    CHECK(plain.manifest->share->text == "marketing");
    CHECK(plain.manifest->window->text == "night");
    CHECK(plain.manifest->budget == 100_credits);
    CHECK(plain.manifest->priority == 10);  // capped without a word: its author did not write it
    CHECK(plain.complaints.empty());
    const auto none = read_manifest(top("share: none\nwindow: none\nbudget: none\n"), defaults, limits).manifest;
    REQUIRE(none);
    CHECK_FALSE(none->share);
    CHECK_FALSE(none->window);
    CHECK_FALSE(none->budget);
    CHECK(none->priority == 50);
}

TEST_CASE("a window that there is not is an error at its place, with the one that was likely meant") {
    CHECK(complaints(top("window: nihgt\n")) ==
          "2:9: error: `window` is \"nihgt\", which is not one of `windows` in the configuration; did you mean \"night\"?");
    CHECK(complaints(top("window: afternoon\n")) ==
          "2:9: error: `window` is \"afternoon\", which is not one of `windows` in the configuration; expected lunch or night");
}

TEST_CASE("a priority above the share's is capped, with a warning at its place") {
    const auto text = top("priority: 11\nshare: marketing\n");
    CHECK(complaints(text) == "2:11: warning: `priority` is 11, and the share \"marketing\" has at most 10; 10 is taken");
    CHECK(read_manifest(text, {}, limits).manifest->priority == 10);
    CHECK(read_manifest(top("priority: 90\n"), {}, limits).manifest->priority == 90);
}

TEST_CASE("what a manifest may name is what the configuration has") {
    const auto config = parse_config("shares: {fox: {max_priority: -5}}\nlimits: {manifest_jobs: 7}\n").config;
    const auto allowed = manifest_limits(config);
    CHECK(allowed.shares == std::map<std::string, int>{{"fox", -5}});
    CHECK(allowed.windows == std::vector<std::string>{"night"});
    CHECK(allowed.jobs == 7);
}

}  // namespace
}  // namespace motionspool::config
