#include "domain/evidence.hpp"
#include <doctest/doctest.h>
#include <vector>

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;

constexpr Instant t0{1'795'514'701s};
const std::string secret(64, 'a');

TaskParam sent() {
    return {.model = "kling-2.6/motion-control",
            .prompt = "A felt fox waves.",
            .image = "https://x/fox.png",
            .motion = "https://x/wave.mp4",
            .mode = "720p",
            .orientation = "video",
            .callback = "https://render.example.com/callback/(secret)"};
}
TaskOrigin same() { return {sent(), t0 + 2s, true}; }

TEST_CASE("a secret is read from its own path alone") {
    for (const std::string path : {"", "/motionspool", "/a/b"}) CHECK(token_in(path + "/callback/" + secret, path) == secret);
    CHECK(callback_url("https://render.example.com/motionspool", secret) == "https://render.example.com/motionspool/callback/" + secret);
    CHECK(last_part(callback_url("https://h", secret)) == secret);
    CHECK(last_part("nothing") == "nothing");
}

TEST_CASE("whatever is not exactly a callback's path holds no secret") {
    const auto upper = std::string(64, 'A'), dots = std::string(62, 'a') + "..";
    const std::vector<std::string> targets{std::string{},
                                           std::string{"/"},
                                           "/callback/" + secret,
                                           "/motionspool/callback",
                                           "/motionspool/callback/",
                                           "/motionspool/callback/" + secret + "/",
                                           "/motionspool/callback/" + secret + "?x=1",
                                           "/motionspool/callback/" + secret + "#",
                                           "/motionspool/callback/" + secret.substr(1),
                                           "/motionspool/callback/a" + secret,
                                           "/motionspool/callback/" + upper,
                                           "/motionspool/callback/" + dots,
                                           "/motionspool//callback/" + secret,
                                           "/motionspool/Callback/" + secret,
                                           "/motionspool/callback//" + secret,
                                           "/motionspool/../motionspool/callback/" + secret,
                                           "http://h/motionspool/callback/" + secret,
                                           "/motionspool/callback/%61" + secret.substr(1),
                                           "/other/motionspool/callback/" + secret,
                                           "/motionspoolcallback/" + secret,
                                           " /motionspool/callback/" + secret};
    for (const auto& target : targets) {
        INFO(target);
        CHECK_FALSE(token_in(target, "/motionspool"));
    }
}

TEST_CASE("a secret is good for fourteen days, and does not mind a clock that was set back") {
    CHECK(token_lives(t0, t0));
    CHECK(token_lives(t0, t0 + 14 * 24h));
    CHECK_FALSE(token_lives(t0, t0 + 14 * 24h + 1ms));
    CHECK(token_lives(t0, t0 - 24h));
}

TEST_CASE("a task id is opaque, but no place for anything else") {
    for (const auto* good : {"281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c", "task_kling-2.6_1767693973938", "x"}) CHECK(is_task_id(good));
    for (const auto& bad : {std::string{}, std::string{"a b"}, std::string{"a\n"}, std::string{"\x7f"}, std::string{"\xc3\xa4"}, std::string(201, 'a')})
        CHECK_FALSE(is_task_id(bad));
}

TEST_CASE("a task that was made as told is not contradicted, however little is told") {
    CHECK_FALSE(contradiction(sent(), same()));
    CHECK_FALSE(contradiction(sent(), {}));
    TaskParam silent = sent();
    silent.prompt.reset();
    auto told = same();
    told.param.prompt = "";
    CHECK_FALSE(contradiction(silent, told));
}

TEST_CASE("every field that is told differently speaks against a task") {
    for (const auto field : {&TaskParam::model, &TaskParam::prompt, &TaskParam::image, &TaskParam::motion, &TaskParam::mode, &TaskParam::orientation}) {
        auto told = same();
        told.param.*field = *(told.param.*field) + "x";
        CHECK(contradiction(sent(), told));
        TaskOrigin alone;
        alone.param.*field = "x";
        CHECK(contradiction(sent(), alone));
    }
    auto foreign = same();
    foreign.our_callback = false;
    CHECK(contradiction(sent(), foreign) == "it was made with another callback URL");
}

TEST_CASE("a task a person names must have been made when the submission was sent, and say from what") {
    const auto at = [](std::chrono::milliseconds after) {
        auto told = same();
        told.created = t0 + after;
        return objection(sent(), t0, told);
    };
    for (const auto good : {-300'000ms, 0ms, 2'000ms, 900'000ms}) CHECK_FALSE(at(good));
    CHECK(at(-300'001ms) == "it was made 5 min before this one was sent");
    CHECK(at(900'001ms) == "it was made 15 min after this one was sent");
    auto timeless = same();
    timeless.created.reset();
    CHECK(objection(sent(), t0, timeless));
    TaskOrigin mute{{}, t0, {}};
    mute.param.model = sent().model;
    CHECK(objection(sent(), t0, mute) == "the provider does not say what it was made from");
}

TEST_CASE("what a genuine callback is a reason for") {
    using enum AttemptState;
    using enum CallbackMeaning;
    const std::vector<std::pair<AttemptState, CallbackMeaning>> of_its_task{{submitted, wake}, {overdue, ask_late}, {succeeded, nothing}, {failed, nothing}};
    for (const auto& [state, meaning] : of_its_task) {
        CHECK(meaning_of(state, "t", "t") == meaning);
        CHECK(meaning_of(state, "t", "u") == other);
    }
    for (const auto state : {armed, uncertain, written_off}) CHECK(meaning_of(state, std::nullopt, "t") == hint);
    for (const auto state : {not_sent, refused}) CHECK(meaning_of(state, std::nullopt, "t") == other);
}

TEST_CASE("late evidence takes a job along unless it has its result, wants none, or is being submitted") {
    using enum JobState;
    for (const auto state : {queued, uploading, uncertain, running, failed}) CHECK(wants_result(state) == true);
    for (const auto state : {downloading, done, cancelled}) CHECK(wants_result(state) == false);
    CHECK_FALSE(wants_result(submitting).has_value());
    for (const auto state : {queued, uploading, uncertain, failed}) CHECK(allowed(state, running));
    for (const auto state : {running, uncertain}) CHECK(allowed(state, downloading));
}

}  // namespace
}  // namespace motionspool::domain
