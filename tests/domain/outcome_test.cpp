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

TEST_CASE("401 and 403 refuse whatever their body says, cut or whole, JSON or not") {
    const std::vector<std::pair<int, std::string>> edges{{401, "refused: key"}, {403, "refused: forbidden"}};
    for (const auto& [status, is] : edges) {
        check({{no_json(status), is},
               {no_json(status, "error code: 1010"), is},
               {no_json(status, page_of("502 Bad Gateway")), is},
               {cut(status), is},
               {body(status, status, "no"), is},
               {body(status, std::nullopt), is},
               {body(status, 500, "Internal error"), is},
               {body(status, 200, "success"), is},
               {body(status, 422, "recordInfo is null"), is}});
    }
}

TEST_CASE("a redirect refuses: an edge answered, and nobody follows it") {
    for (const int status : {301, 302, 307, 308})
        check({{no_json(status), "refused: edge"}, {no_json(status, page_of("302 Found")), "refused: edge"}, {body(status, 200, "success"), "refused: edge"}});
    for (const int status : {300, 303, 304, 305, 306, 310}) check({{no_json(status, page_of("302 Found")), "uncertain"}});
    check({{body(302, 200, "success", "t"), "uncertain"}});
}

struct Edge {
    int status;
    std::string reason, is;
};
const std::vector<Edge> edges{{404, "Not Found", "refused: edge"},
                              {405, "Not Allowed", "refused: edge"},
                              {413, "Request Entity Too Large", "refused: edge"},
                              {415, "Unsupported Media Type", "refused: edge"},
                              {429, "Too Many Requests", "slow down"}};

TEST_CASE("404, 405, 413, 415 and 429 refuse where the provider's envelope or plainly its edge says so") {
    for (const auto& [status, reason, is] : edges) {
        const auto number = std::to_string(status);
        const std::string apache = "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>" + number + " " + reason +
                                   "</title>\n</head><body>\n<address>Apache/2.4.41 Server at api.kie.ai Port 443</address>\n</body></html>";
        const std::string cloudflare =
            "<!doctype html><!--[if lt IE 7]> <html> <![endif]--><html><head><style>.e{width:500px;font-weight: 500;}</style>"
            "<script>var status = 502;</script></head><body><h1><span>Error</span> <span>1015</span></h1>Ray ID: 8f3a502b1c2d3e4f</body>";
        check({{body(status, status), is},
               {body(status, status, "anything"), is},
               {no_json(status, page_of(number + " " + reason)), is},
               {no_json(status, "\n  " + page_of(number)), is},
               {no_json(status, "<!-- edge -->" + page_of(number)), is},
               {no_json(status, apache), is},
               {no_json(status, cloudflare), is},
               {no_json(status, "<html><body>error code: 1027</body></html>"), is},
               {no_json(status, "error code: 1015"), is},
               {no_json(status, "error code: 1015\n"), is}});
    }
}

TEST_CASE("404, 405, 413, 415 and 429 prove nothing from a proxy that may have lost the answer") {
    for (const auto& [status, reason, is] : edges) {
        const auto number = std::to_string(status);
        auto with_task = no_json(status, page_of(number + " " + reason));
        with_task.hint = "7a1";
        check({{no_json(status), "uncertain"},
               {no_json(status, " \r\n"), "uncertain"},
               {cut(status), "uncertain"},
               {no_json(status, reason), "uncertain"},
               {no_json(status, number + " " + reason), "uncertain"},
               {no_json(status, "upstream says: error code: 1015"), "uncertain"},
               {no_json(status, "error code: 1115"), "uncertain"},
               {no_json(status, "error code: 502"), "uncertain"},
               {no_json(status, "error code: 10156"), "uncertain"},
               {no_json(status, page_of(reason)), "uncertain"},
               {no_json(status, page_of("502 Bad Gateway")), "uncertain"},
               {no_json(status, page_of("504 Gateway Time-out for request " + number)), "uncertain"},
               {no_json(status, page_of(number + " " + reason) + "<p>upstream: 502</p>"), "uncertain"},
               {no_json(status, page_of("1" + number)), "uncertain"},
               {no_json(status, page_of("x" + number)), "uncertain"},
               {no_json(status, "<html><style>.a{top:" + number + "}</style><script>s=" + number + "</script><!-- " + number + " --></html>"), "uncertain"},
               {no_json(status, "<html><a href=\"/" + number + "\">home</a></html>"), "uncertain"},
               {no_json(status, "<" + number + ">"), "uncertain"},
               {no_json(status, "<html><script>" + number), "uncertain"},
               {no_json(status, "[" + number + "]"), "uncertain"},
               {body(status, std::nullopt, reason), "uncertain"},
               {body(status, 500, "Internal error"), "uncertain"},
               {body(status, 200, "success"), "uncertain"},
               {body(status, 401, "no"), "uncertain"},
               {body(status, status, "recordInfo is null"), "uncertain"},
               {with_task, "uncertain"}});
    }
}

TEST_CASE("every other status says nothing without a body that proves a refusal") {
    for (const int status : {100, 101, 200, 201, 202, 204, 206, 300, 303, 304, 400, 402, 406, 408, 409, 410, 411, 412, 414, 416, 417, 421, 422,
                             425, 426, 428, 431, 433, 451, 455, 499, 500, 501, 502, 503, 504, 505, 507, 511, 520, 521, 522, 524, 530, 599}) {
        check({{no_json(status), "uncertain"},
               {cut(status), "uncertain"},
               {no_json(status, page_of(std::to_string(status))), "uncertain"},
               {no_json(status, "error code: 1015"), "uncertain"},
               {no_json(status, "This field is required"), "uncertain"},
               {body(status, std::nullopt, poor), "uncertain"},
               {body(status, 0), "uncertain"}});
    }
}

TEST_CASE("a code that is only ever a refusal is one, under HTTP 200 or its own status") {
    const std::vector<std::pair<int, std::string>> codes{{401, "refused: key"},     {402, "refused: credits"},   {403, "refused: forbidden"},
                                                         {429, "slow down"},        {433, "refused: key limit"}, {455, "refused: maintenance"},
                                                         {505, "refused: disabled"}};
    for (const auto& [code, is] : codes) check({{body(200, code), is}, {body(200, code, "anything"), is}, {body(code, code, "anything"), is}});
    check({{body(200, 401, "You do not have access permissions"), "refused: key"},
           {body(200, 402, poor), "refused: credits"},
           {body(200, 429, frequent), "slow down"},
           {body(200, 433, "The current number of points used by apiKey has exceeded the daily limit"), "refused: key limit"}});
}

TEST_CASE("a code under another error's status proves nothing: two servers spoke") {
    for (const int status : {303, 400, 408, 499, 500, 502, 503, 504}) {
        for (const int code : {401, 402, 403, 404, 422, 429, 433, 455, 505}) check({{body(status, code, poor), "uncertain"}});
    }
    check({{body(502, 500, "This field is required"), "uncertain"}, {body(500, 422, "This field is required"), "uncertain"}});
}

TEST_CASE("a code that is not in the table proves nothing") {
    for (const int code : {-1, 0, 1, 200, 201, 204, 302, 404, 405, 408, 409, 413, 415, 423, 451, 499, 501, 502, 503, 504, 520, 524, 999, 1010}) {
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

TEST_CASE("a bad request is one with a whole known sentence about a parameter, and with nothing else") {
    for (const std::string sentence : {"mode is not within the range of allowed options", "File type not supported", "input.prompt format is incorrect"}) {
        check({{body(200, 400, sentence), "refused: parameter"},
               {body(400, 400, sentence), "refused: parameter"},
               {body(400, 422, sentence), "refused: parameter"},
               {body(400, 500, sentence), "refused: parameter"},
               {body(400, std::nullopt, sentence), "refused: parameter"},
               {body(400, 429, sentence), "uncertain"},
               {body(400, 503, sentence), "uncertain"},
               {body(400, 200, sentence), "uncertain"},
               {no_json(400, sentence), "uncertain"},
               {body(400, 400, sentence + " in shard 3"), "uncertain"}});
    }
    check({{body(400, 400, "This field is required"), "refused: field required"},
           {body(400, 400), "uncertain"},
           {body(400, 400, "Bad Request"), "uncertain"},
           {body(400, 400, poor), "uncertain"},
           {body(400, 400, frequent), "uncertain"},
           {body(200, 400, "Image fetch failed"), "uncertain"},
           {body(400, 400, "No complete upper body detected"), "uncertain"},
           {no_json(400), "uncertain"}});
}

TEST_CASE("an unknown record in answer to a submission proves nothing, whatever its code") {
    for (const int code : {400, 401, 402, 403, 404, 422, 429, 433, 455, 500, 505})
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
    auto by_code = body(200, 429, frequent), by_status = no_json(429, page_of("429 Too Many Requests"));
    CHECK_FALSE(std::get<SlowDown>(judge_submission(by_code)).retry_after);
    by_code.retry_after = by_status.retry_after = 17s;
    CHECK(std::get<SlowDown>(judge_submission(by_code)).retry_after == 17s);
    CHECK(std::get<SlowDown>(judge_submission(by_status)).retry_after == 17s);
}

}  // namespace
}  // namespace motionspool::domain
