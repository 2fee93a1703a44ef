#include <doctest/doctest.h>
#include <vector>
#include "outcome_cases.hpp"

namespace motionspool::domain {
namespace {
using namespace cases;
using namespace std::chrono_literals;
using namespace motionspool::literals;

constexpr const char* video = "https://tempfile.aiquickdraw.com/r/out.mp4";
Record state(std::string name) { return {.state = std::move(name)}; }
Record failing(std::string code, std::string message) {
    return {.state = "fail", .fail_code = std::move(code), .fail_message = std::move(message), .consumed = 0_credits};
}
std::string read(const Envelope& answer, const std::optional<Record>& record = std::nullopt) { return words(judge_poll(answer, record)); }

TEST_CASE("a task goes on in every state that is not an end, known or not") {
    for (const auto* name : {"waiting", "queuing", "generating", "paused", "SUCCESS", "failed", "x"})
        CHECK(read(body(200, 200, "success", "t"), state(name)) == std::string{"still running: "} + name);
}

TEST_CASE("a task succeeds with a result, and ends as a failure without one") {
    Record record{.state = "success", .result_links = {video}, .consumed = 110_credits};
    const auto news = judge_poll(body(200, 200, "success", "t"), record);
    REQUIRE(std::holds_alternative<Succeeded>(news));
    CHECK(std::get<Succeeded>(news).url == video);
    CHECK(std::get<Succeeded>(news).consumed == 110_credits);
    record.result_links.clear();
    const auto missing = judge_poll(body(200, 200, "success", "t"), record);
    REQUIRE(std::holds_alternative<TaskFailed>(missing));
    CHECK(std::get<TaskFailed>(missing).cause == FailCause::result_missing);
    CHECK(std::get<TaskFailed>(missing).consumed == 110_credits);
}

TEST_CASE("a failed task's cause is read from its text") {
    using enum FailCause;
    const std::vector<std::pair<std::string, FailCause>> texts{{"NSFW content detected", moderation},
                                                               {"prompt violates the content policy", moderation},
                                                               {"Your content was flagged as sensitive", moderation},
                                                               {"blocked by our safety system", moderation},
                                                               {"Rejected after a safety review, please try again later", moderation},
                                                               {"The input was rejected, please try again with a different input", moderation},
                                                               {"input contains copyright material", moderation},
                                                               {"harmful content", moderation},
                                                               {"No complete upper body detected", no_upper_body},
                                                               {"Image recognition failed. No complete upper body detected in the image.", no_upper_body},
                                                               {"No valid characters detected in the video", no_character},
                                                               {"Image recognition failed", no_character},
                                                               {"The character in the reference image or the first frame is invalid", no_character},
                                                               {"The input was rejected: no valid characters detected in the video", no_character},
                                                               {"Image fetch failed", image_fetch},
                                                               {"File type not supported", bad_parameter},
                                                               {"prompt must be between 1 and 2500", bad_parameter},
                                                               {"duration must be within the specified range", bad_parameter},
                                                               {"image_url format is incorrect", bad_parameter},
                                                               {"Internal error", provider_failed},
                                                               {"The server is busy, please wait", provider_failed},
                                                               {"System busy", provider_failed},
                                                               {"Server exception, please try again later", provider_failed},
                                                               {"too many requests", provider_failed},
                                                               {"Credits insufficient", provider_failed},
                                                               {"moderate load, try again later", provider_failed},
                                                               {"", unexplained},
                                                               {"recordInfo is null", unexplained},
                                                               {"Segmentation violation in worker 7", unexplained},
                                                               {"violates unique constraint task_pk", unexplained},
                                                               {"gremlins in the lattice", unexplained}};
    for (const auto& [text, cause] : texts) {
        const std::string shown{text};  // clang 14 captures no structured binding
        INFO(shown);
        const auto news = judge_poll(body(200, 200, "success", "t"), failing("500", text));
        REQUIRE(std::holds_alternative<TaskFailed>(news));
        CHECK(to_string(std::get<TaskFailed>(news).cause) == to_string(cause));
        CHECK(std::get<TaskFailed>(news).cause == cause);
        CHECK(std::get<TaskFailed>(news).consumed == 0_credits);
    }
}

TEST_CASE("a failure over a character says which input it is about, where the provider's words do") {
    const auto told = [](const std::string& text) { return std::get<TaskFailed>(judge_poll(body(200, 200), failing("400", text))).message; };
    CHECK(told("No valid characters detected in the video") == "No valid characters detected in the video; it is about the motion");
    CHECK(told("Image recognition failed") == "Image recognition failed; it is about the image");
    CHECK(told("No complete upper body detected in the image.") == "No complete upper body detected in the image; it is about the image");
    for (const std::string both : {"No valid characters detected", "The character in the reference image or the first frame is invalid",
                                   "No complete upper body detected in the image or the video"})
        CHECK(told(both) == both);
    CHECK(told("Image fetch failed") == "Image fetch failed");
}

TEST_CASE("a failure tells its text, else its code, else that there is none") {
    const auto told = [](Record record) { return std::get<TaskFailed>(judge_poll(body(200, 200), record)).message; };
    CHECK(told(failing("500", "Internal error")) == "Internal error");
    CHECK(told(failing("500", "")) == "500");
    CHECK(told(failing("", "")) == "the provider gives no reason");
}

TEST_CASE("a failure that does not say what it consumed leaves that open") {
    auto record = failing("500", "Internal error");
    record.consumed = std::nullopt;
    CHECK_FALSE(std::get<TaskFailed>(judge_poll(body(200, 200), record)).consumed);
}

TEST_CASE("the end of a task is believed only from a whole answer with code 200") {
    const Record success{.state = "success", .result_links = {video}}, failure = failing("", "NSFW");
    for (const auto& record : {success, failure}) {
        for (const int code : {-1, 0, 201, 402, 403, 422, 433, 455, 500, 501, 505}) CHECK(read(body(200, code, "", "t"), record) == "no news");
        for (const int status : {301, 302, 400, 402, 403, 405, 408, 422, 499, 500, 502, 503, 504})
            CHECK(read(body(status, 200, "success", "t"), record) == "no news");
        CHECK(read(cut(200), record) == "no news");
        CHECK(read(body(200, std::nullopt, "success", "t"), record) == "no news");
        Envelope broken = body(200, 200, "success", "t");
        broken.complete = false;
        CHECK(read(broken, record) == "no news");
        broken = body(200, 200, "success", "t");
        broken.json = false;
        CHECK(read(broken, record) == "no news");
    }
}

TEST_CASE("an answer that says nothing about the task is no news") {
    CHECK(read(body(200, 200, "success")) == "no news");
    for (const int status : {200, 204, 302, 400, 403, 405, 408, 500, 502, 503, 504, 520}) {
        CHECK(read(no_json(status)) == "no news");
        CHECK(read(cut(status)) == "no news");
    }
    CHECK(read(silence(0, "no route")) == "no news");
    CHECK(read(silence(300, "reset")) == "no news");
    CHECK(std::get<NoNews>(judge_poll(silence(300, "reset"), std::nullopt)).why == "reset");
    CHECK(std::get<NoNews>(judge_poll(no_json(502), std::nullopt)).why == "an answer that says nothing about the task (HTTP 502)");
}

TEST_CASE("a task may be unknown, by text or by code") {
    CHECK(read(body(200, 422, "recordInfo is null")) == "unknown task");
    CHECK(read(body(422, 422, "recordInfo is null")) == "unknown task");
    CHECK(read(body(200, 500, "RecordInfo Is Null")) == "unknown task");
    CHECK(read(body(200, 404)) == "unknown task");
    CHECK(read(body(404, 404, "not found")) == "unknown task");
    CHECK(read(no_json(404)) != "unknown task");  // somebody's page on the way
    CHECK(read(body(200, 422, "This field is required")) == "no news");
}

TEST_CASE("a task is not unknown because somebody else does not know where to ask") {
    CHECK(read(no_json(404)) == "no news");
    CHECK(read(no_json(404, page_of("404 Not Found"))) == "no news");
    CHECK(read(cut(404)) == "no news");
    CHECK(read(body(404, std::nullopt, "not found")) == "no news");
    CHECK(read(body(200, 200, "recordInfo is null")) == "no news");
}

TEST_CASE("polling too fast and a refused key are told apart from news of the task") {
    const Record failure = failing("", "NSFW");
    auto fast = no_json(429);
    fast.retry_after = 9s;
    CHECK(std::get<PollTooFast>(judge_poll(fast, std::nullopt)).retry_after == 9s);
    CHECK(read(body(200, 429, "Your call frequency is too high.")) == "too fast");
    CHECK(read(body(200, 429), failure) == "too fast");
    CHECK(read(cut(429)) == "too fast");
    CHECK(read(body(200, 500, "Rate limit exceeded")) == "too fast");
    CHECK(read(body(200, 422, "Rate limit exceeded")) == "too fast");
    CHECK(read(body(200, 200, "Rate limit exceeded"), failure) == "failed: moderation");
    CHECK(read(no_json(401)) == "key refused");
    CHECK(read(body(200, 401, "You do not have access permissions")) == "key refused");
    CHECK(read(body(200, 401), failure) == "key refused");
    CHECK(std::get<KeyRefused>(judge_poll(body(200, 401, "no access"), std::nullopt)).message == "401: no access");
}

TEST_CASE("the causes have the names of the interface") {
    CHECK(to_string(FailCause::moderation) == "moderation");
    CHECK(to_string(FailCause::no_upper_body) == "no-upper-body");
    CHECK(to_string(FailCause::no_character) == "no-character");
    CHECK(to_string(FailCause::unexplained) == "provider-failed");
    CHECK(to_string(FailCause::image_fetch) == "image-fetch");
    CHECK(to_string(FailCause::bad_parameter) == "bad-parameter");
    CHECK(to_string(FailCause::provider_failed) == "provider-failed");
    CHECK(to_string(FailCause::result_missing) == "result-missing");
}

}  // namespace
}  // namespace motionspool::domain
