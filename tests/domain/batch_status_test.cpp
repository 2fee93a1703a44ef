#include "domain/batch_status.hpp"
#include <doctest/doctest.h>

namespace motionspool::domain {
using namespace std::chrono_literals;
namespace {
const Instant noon = std::chrono::sys_days{std::chrono::November / 24 / 2026} + 12h;
}

TEST_CASE("a batch's status says what is done, failed and waiting and for what, what was spent, when it ends and where the videos are") {
    const BatchStatus status{.batch = "spring",
                             .note = "for Ana",
                             .counts = {{JobState::done, 3}, {JobState::failed, 2}, {JobState::queued, 4}, {JobState::running, 1}},
                             .spent = Credits::whole(214),
                             .reserved = Credits::whole(44),
                             .budget = Credits::whole(500),
                             .videos = "\\\\render01\\motion\\spring",
                             .waits = {"rate: 20 of 20 in 10 s"},
                             .end = "about Tue 2026-11-24 13:40",
                             .remarks = {"the manifest was changed"},
                             .failures = {{"fox", "moderation: not allowed"}}};
    const auto text = to_text(status);
    CAPTURE(text);
    CHECK(
        text.starts_with("spring: 3 of 10 done, 2 failed, 5 to go\nnote: for Ana\nattention: the manifest was changed\nvideos: \\\\render01\\motion\\spring\n"
                         "credits: 214 spent, 44 reserved for what runs, of a budget of 500\nto go: 4 queued, 1 running\nwaits for rate: 20 of 20 in 10 s\n"
                         "expected end: about Tue 2026-11-24 13:40\n"));
    CHECK(text.find("failed:\n  fox: moderation: not allowed") != std::string::npos);
    CHECK(text.find("  and 1 more\n") != std::string::npos);
}

TEST_CASE("a batch that is over waits for nothing and has no expected end") {
    const auto text = to_text({.batch = "b", .counts = {{JobState::done, 1}}, .videos = "/srv/b"});
    CHECK(text == "b: 1 of 1 done\nvideos: /srv/b\ncredits: 0 spent, 0 reserved for what runs\n");
}

TEST_CASE("the end is expected by the pace of the last hour, and not told from fewer than three jobs or from old ones") {
    std::vector<Instant> ends{noon - 30min, noon - 20min, noon - 10min};
    CHECK(expected_end(6, ends, noon) == noon + 60min);
    ends.push_back(noon - 3h);
    CHECK(expected_end(6, ends, noon) == noon + 60min);
    ends.push_back(noon + 1h);  // the clock was set back since
    CHECK(expected_end(6, ends, noon) == noon + 60min);
    ends.erase(ends.begin());
    CHECK_FALSE(expected_end(6, ends, noon).has_value());
    CHECK_FALSE(expected_end(6, {}, noon).has_value());
}

TEST_CASE("the folder of the videos is told as people see it") {
    CHECK(folder_of_videos("/srv/motion", "", "{batch}/{job}.mp4", "spring") == "/srv/motion/spring");
    CHECK(folder_of_videos("/srv/motion/", "", "{job}.mp4", "spring") == "/srv/motion");
    CHECK(folder_of_videos("/srv/motion", "", "all/{batch}/v-{date}/{job}.mp4", "spring") == "/srv/motion/all/spring");
    CHECK(folder_of_videos("/srv/motion", "\\\\render01\\motion", "a/{batch}/{job}.mp4", "spring") == "\\\\render01\\motion\\a\\spring");
    CHECK(folder_of_videos("/srv/motion", "smb://render01/motion/", "{batch}/{job}.mp4", "spring") == "smb://render01/motion/spring");
}

}  // namespace motionspool::domain
