#include <doctest/doctest.h>
#include <vector>
#include "outcome_cases.hpp"

namespace motionspool::domain {
namespace {
using namespace cases;
using namespace std::chrono_literals;

struct Reading {
    Envelope answer;
    std::string is;
};

void check(const std::vector<Reading>& readings) {
    for (const auto& reading : readings) {
        INFO("HTTP " << reading.answer.http_status << ", code " << reading.answer.code.value_or(-1) << ", \"" << reading.answer.message << "\", task \""
                     << reading.answer.task << "\", " << reading.answer.bytes_written << " bytes written");
        CHECK(words(judge_submission(reading.answer)) == reading.is);
    }
}

const std::string poor = "Credits insufficient : Your current balance isn't enough to run this request. Please top up to continue.";
const std::string frequent = "Your call frequency is too high. Please try again later.";

TEST_CASE("a submission is accepted only by a 2xx with code 200 and a task's id") {
    check({{body(200, 200, "success", "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c"), "accepted: 281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c"},
           {body(201, 200, "success", "task_kling-2.6_1767693973938"), "accepted: task_kling-2.6_1767693973938"},
           {body(200, 200, "", "t"), "accepted: t"},
           {body(200, 200, "success", ""), "uncertain"},
           {body(200, 200, poor, ""), "uncertain"},
           {body(200, std::nullopt, "success", "t"), "uncertain"},
           {body(200, 201, "success", "t"), "uncertain"},
           {body(302, 200, "success", "t"), "uncertain"}});
}

TEST_CASE("an answer that names a task is never a refusal, whatever else it says") {
    for (const int http : {200, 201, 302, 400, 401, 402, 403, 404, 405, 408, 413, 415, 422, 429, 433, 455, 499, 500, 502, 503, 505}) {
        for (const int code : {401, 402, 403, 404, 422, 429, 433, 455, 500, 501, 505}) {
            INFO("HTTP " << http << ", code " << code);
            CHECK(words(judge_submission(body(http, code, poor, "t"))) == "uncertain");
            CHECK(words(judge_submission(body(http, code, frequent, "t"))) == "uncertain");
        }
    }
}

TEST_CASE("an edge's status refuses whatever its body says, cut or whole, JSON or not") {
    const std::vector<std::pair<int, std::string>> edges{{401, "refused: key"},  {403, "refused: forbidden"}, {404, "refused: edge"}, {405, "refused: edge"},
                                                         {413, "refused: edge"}, {415, "refused: edge"},      {429, "slow down"}};
    for (const auto& [status, is] : edges) {
        check({{no_json(status), is},
               {cut(status), is},
               {body(status, status, "no"), is},
               {body(status, std::nullopt), is},
               {body(status, 500, "Internal error"), is},
               {body(status, 200, "success"), is},
               {body(status, 422, "recordInfo is null"), is}});
    }
}

TEST_CASE("every other status says nothing without a body that proves a refusal") {
    for (const int status : {100, 101, 200, 201, 202, 204, 206, 300, 301, 302, 304, 307, 308, 400, 402, 406, 408, 409, 410, 411, 412, 414, 416, 417,
                             421, 422, 425, 426, 428, 431, 433, 451, 455, 499, 500, 501, 502, 503, 504, 505, 507, 511, 520, 521, 522, 524, 530, 599}) {
        check({{no_json(status), "uncertain"}, {cut(status), "uncertain"}, {body(status, std::nullopt, poor), "uncertain"}, {body(status, 0), "uncertain"}});
    }
}

TEST_CASE("a code of the table is a refusal, under HTTP 200 or its own status") {
    const std::vector<std::pair<int, std::string>> codes{{401, "refused: key"},     {402, "refused: credits"},     {403, "refused: forbidden"},
                                                         {404, "refused: edge"},    {422, "refused: parameter"},   {429, "slow down"},
                                                         {433, "refused: credits"}, {455, "refused: maintenance"}, {505, "refused: disabled"}};
    for (const auto& [code, is] : codes) check({{body(200, code), is}, {body(200, code, "anything"), is}, {body(code, code, "anything"), is}});
    check({{body(200, 401, "You do not have access permissions"), "refused: key"},
           {body(200, 402, poor), "refused: credits"},
           {body(200, 422, "The page does not exist or is not published"), "refused: parameter"},
           {body(200, 429, frequent), "slow down"}});
}

TEST_CASE("a code under another error's status proves nothing: two servers spoke") {
    for (const int status : {302, 400, 408, 499, 500, 502, 503, 504}) {
        for (const int code : {401, 402, 403, 404, 422, 429, 433, 455, 505}) check({{body(status, code, poor), "uncertain"}});
    }
    check({{body(502, 500, "This field is required"), "uncertain"}});
}

TEST_CASE("a code that is not in the table proves nothing") {
    for (const int code : {-1, 0, 1, 200, 201, 204, 302, 400, 405, 408, 409, 413, 415, 423, 451, 499, 501, 502, 503, 504, 520, 524, 999, 1010}) {
        check({{body(200, code), "uncertain"},
               {body(200, code, poor), "uncertain"},
               {body(200, code, "This field is required"), "uncertain"},
               {body(200, code, frequent), "uncertain"}});
    }
    check({{body(408, 408, frequent), "uncertain"},
           {body(499, 499), "uncertain"},
           {body(501, 501, "generation failed"), "uncertain"},
           {body(503, 503, frequent), "uncertain"}});
}

TEST_CASE("code 500 is a refusal only with a text that is known, also under a real HTTP 500") {
    const std::vector<std::pair<std::string, std::string>> texts{
        {"mode is not within the range of allowed options", "refused: parameter"},
        {"This field is required", "refused: parameter"},
        {"The text length cannot exceed 2500 characters", "refused: parameter"},
        {"File type not supported", "refused: parameter"},
        {"The model name you specified is not supported", "refused: parameter"},
        {"The page does not exist or is not published", "refused: parameter"},
        {"server exception", "refused: parameter"},
        {"MODE IS NOT WITHIN THE RANGE OF ALLOWED OPTIONS", "refused: parameter"},
        {poor, "refused: credits"},
        {"credits INSUFFICIENT", "refused: credits"},
        {"your balance isn't enough", "refused: credits"},
        {"usage exceeded", "refused: credits"},
        {"Usage exceeded.", "refused: credits"},
        {"Credit usage exceeded for this account", "refused: credits"},
        {"Sub-key usage exceeded its limit.", "refused: credits"},
        {frequent, "slow down"},
        {"Rate limit reached", "slow down"},
        {"Too many requests", "slow down"},
        {"the prompt contains sensitive words", "refused: moderation"},
        {"NSFW content", "refused: moderation"},
        {"blocked by moderation", "refused: moderation"},
        {"against our content policy", "refused: moderation"},
        {"the image violates the rules", "refused: moderation"},
        {"prohibited content", "refused: moderation"},
        {"inappropriate content", "refused: moderation"},
        {"Image fetch failed", "refused: image fetch"},
        {"No complete upper body detected", "refused: upper body"},
    };
    for (const auto& [text, is] : texts) check({{body(200, 500, text), is}, {body(500, 500, text), is}, {body(200, 422, text), is}});
    for (const auto* text : {"", "Internal error", "Internal error, please try again later", "try again later", "null", "exception", "Server error",
                             "recordInfo is null", "success", "timeout"}) {
        check({{body(200, 500, text), "uncertain"}, {body(500, 500, text), "uncertain"}});
    }
}

TEST_CASE("a 500 that broke down in the middle of its work proves nothing, even with words that are known") {
    for (const auto* text :
         {"Internal error: Image fetch failed, try again later", "internal error (too many requests upstream)", "Internal error: memory usage exceeded",
          "Duplicate entry 'x' violates unique constraint task_id", "integrity constraint violation", "Memory usage exceeded",
          "GPU usage exceeded on account worker", "Disk usage exceeded limit", "CPU usage exceeded", "usage exceeded 95 %", "Daily usage exceeded"}) {
        check({{body(200, 500, text), "uncertain"}, {body(500, 500, text), "uncertain"}});
    }
}

TEST_CASE("an unknown record in answer to a submission proves nothing, whatever its code") {
    for (const int code : {401, 402, 403, 404, 422, 429, 433, 455, 500, 505})
        check({{body(200, code, "recordInfo is null"), "uncertain"}, {body(200, code, "RECORDINFO IS NULL"), "uncertain"}});
    check({{body(422, 422, "recordInfo is null"), "uncertain"}});
}

TEST_CASE("without a status line only what was not written was not sent") {
    check({{silence(0, "api.kie.ai: the server closed the connection before the request was sent"), "not sent"},
           {silence(1, "api.kie.ai: connection reset while the request was being sent"), "uncertain"},
           {silence(699, "api.kie.ai: connection reset while the request was being sent"), "uncertain"},
           {silence(700, "api.kie.ai: no complete answer within 3 min"), "uncertain"},
           {silence(700, ""), "uncertain"}});
    Envelope early = no_json(408);  // a server that speaks before it was asked
    early.bytes_written = 0;
    check({{early, "uncertain"}});
}

TEST_CASE("what was said is handed on for people") {
    const auto refused = std::get<Refused>(judge_submission(body(200, 402, poor)));
    CHECK(refused.message == "402: " + poor);
    CHECK(std::get<Refused>(judge_submission(no_json(403))).message == "HTTP 403");
    CHECK(std::get<Uncertain>(judge_submission(no_json(502))).why == "an answer that proves nothing (HTTP 502)");
    CHECK(std::get<Uncertain>(judge_submission(body(200, 500, "t", "x1"))).why == "an answer that names task x1 and yet is no success (500: t)");
    CHECK(std::get<Uncertain>(judge_submission(cut(200))).why == "api.kie.ai: reset before the answer was complete");
    CHECK(std::get<NotSent>(judge_submission(silence(0, "gone"))).why == "gone");
}

TEST_CASE("how long to slow down is handed on where the provider says it") {
    auto by_code = body(200, 429, frequent), by_status = no_json(429);
    CHECK_FALSE(std::get<SlowDown>(judge_submission(by_code)).retry_after);
    by_code.retry_after = by_status.retry_after = 17s;
    CHECK(std::get<SlowDown>(judge_submission(by_code)).retry_after == 17s);
    CHECK(std::get<SlowDown>(judge_submission(by_status)).retry_after == 17s);
}

TEST_CASE("a text is about the first topic that it names") {
    CHECK(topic_of("") == Topic::none);
    CHECK(topic_of("success") == Topic::none);
    CHECK(topic_of("Internal error") == Topic::none);
    CHECK(topic_of("recordInfo is null") == Topic::unknown_task);
    CHECK(topic_of("RATE LIMIT") == Topic::throttle);
    CHECK(topic_of("moderation rate limit") == Topic::throttle);
    CHECK(topic_of("Credits insufficient; too many requests") == Topic::credits);
}

}  // namespace
}  // namespace motionspool::domain
