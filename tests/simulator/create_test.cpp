#include <set>
#include "desk.hpp"

using namespace motionspool;
using namespace motionspool::simulator;

namespace {
std::int64_t code(const Planned& planned) { return Desk::object(planned).at("code").as_int64(); }
std::string msg(const Planned& planned) { return std::string{Desk::object(planned).at("msg").as_string()}; }
}  // namespace

TEST_CASE("an accepted task has an id that no other has, in either of the known forms") {
    Desk desk;
    const auto answer = Desk::object(desk.create());
    CHECK(answer.at("code") == 200);
    CHECK(answer.at("msg") == "success");
    std::set<std::string> ids;
    for (int i = 0; i < 100; ++i) ids.insert(desk.task());
    CHECK(ids.size() == 100);
    CHECK(ids.begin()->size() == 32);

    auto options = Desk::quiet();
    options.task_ids = TaskIds::named;
    Desk named{options};
    CHECK(named.task() == "task_kling-2.6_1767700000000");
    CHECK(named.task() == "task_kling-2.6_1767700000001");
}

TEST_CASE("every answer has the provider's date") {
    Desk desk;
    CHECK(Desk::header(desk.create(), "Date") == "Tue, 06 Jan 2026 11:46:40 GMT");
}

TEST_CASE("without a User-Agent Cloudflare answers, without a good key the API does") {
    auto options = Desk::quiet();
    options.key = "sk-right";
    Desk desk{options};
    auto request = Desk::request("GET", "/api/v1/chat/credit");
    CHECK(code(desk.send(request)) == 401);
    request.headers[1].value = "Bearer sk-right";
    CHECK(code(desk.send(request)) == 200);
    request.headers[1].value = "Basic sk-right";
    CHECK(msg(desk.send(request)) == "You do not have access permissions");
    request.headers.erase(request.headers.begin());
    const auto refused = desk.send(request);
    CHECK(refused.reply.status == 403);
    CHECK(Desk::text(refused) == "error code: 1010");
}

TEST_CASE("any key is good unless one was named, but there must be one") {
    Desk desk;
    auto request = Desk::request("GET", "/api/v1/chat/credit");
    CHECK(code(desk.send(request)) == 200);
    request.headers[1].value = "Bearer ";
    CHECK(code(desk.send(request)) == 401);
}

TEST_CASE("over the rate the answer is 429, in the body or as HTTP status, and no task is made") {
    auto options = Desk::quiet();
    options.rate = Rate{2, milliseconds{1000}};
    for (const bool real : {false, true}) {
        options.real_http_codes = real;
        Desk desk{options};
        CHECK(code(desk.create()) == 200);
        CHECK(code(desk.create()) == 200);
        const auto third = desk.create();
        CHECK(code(third) == 429);
        CHECK(third.reply.status == (real ? 429 : 200));
        CHECK(desk.state().at("created") == 2);
        CHECK(desk.state().at("throttled") == 1);
        CHECK(desk.state().at("peak_submissions") == 3);
        desk.later(milliseconds{1000});
        CHECK(code(desk.create()) == 200);
    }
}

TEST_CASE("codes can be strings, and the text's key can be message") {
    auto options = Desk::quiet();
    options.code_as = CodeAs::string;
    options.text_key = TextKey::message;
    Desk desk{options};
    const auto answer = Desk::object(desk.create());
    CHECK(answer.at("code") == "200");
    CHECK(answer.at("message") == "success");
    CHECK_FALSE(answer.contains("msg"));
}

TEST_CASE("a bad order is code 500 in HTTP 200") {
    Desk desk;
    const auto refused = desk.post("/api/v1/jobs/createTask", "{}");
    CHECK(refused.reply.status == 200);
    CHECK(code(refused) == 500);
    CHECK(msg(refused) == "This field is required");
    CHECK(desk.state().at("created") == 0);
}

TEST_CASE("a mark with a slip is not accepted silently") {
    Desk desk;
    CHECK(msg(desk.create("[sim:stukc]")).find("did you mean 'stuck'") != std::string::npos);
}

TEST_CASE("faults that refuse leave no task and take no money") {
    struct Row {
        const char* fault;
        int status;
        int code;  ///< 0: no JSON
    };
    const Row rows[] = {
        {"500-before", 500, 0},      {"http-401", 401, 401},       {"http-403-html", 403, 0}, {"http-429", 429, 429},     {"http-503", 503, 0},
        {"create-redirect", 307, 0}, {"code-401", 200, 401},       {"code-402", 200, 402},    {"code-429", 200, 429},     {"code-433", 200, 433},
        {"maintenance", 200, 455},   {"disabled", 200, 505},       {"code-500", 200, 500},    {"http-400", 400, 400},     {"http-404", 404, 0},
        {"http-405", 405, 0},        {"http-413", 413, 0},         {"http-415", 415, 415},    {"http-404-other", 404, 0}, {"http-302", 302, 0},
        {"code-400", 200, 400},      {"field-required", 200, 500}, {"bad-format", 200, 500},  {"out-of-range", 200, 422}, {"code-422-unknown", 200, 422}};
    for (const auto& row : rows) {
        CAPTURE(row.fault);
        Desk desk;
        const auto planned = desk.create("[sim:" + std::string{row.fault} + "]");
        CHECK(planned.reply.status == row.status);
        if (row.code != 0)
            CHECK(code(planned) == row.code);
        else
            CHECK(Desk::text(planned).starts_with("<!DOCTYPE html>"));
        CHECK(desk.state().at("created") == 0);
        CHECK(desk.state().at("balance") == 100'000);
    }
    Desk desk;
    CHECK(desk.create("[sim:lost-request]").reply.no_answer);
    for (const auto* plain : {"http-404-proxy", "http-429-edge"}) {
        const auto planned = desk.create("[sim:" + std::string{plain} + "]");
        CHECK(planned.reply.status / 100 == 4);
        CHECK(Desk::text(planned) == (planned.reply.status == 404 ? "" : "error code: 1015"));
    }
    CHECK(Desk::text(desk.create("[sim:http-429-proxy]")) == R"({"message":"API rate limit exceeded"})");
    CHECK(msg(desk.create("[sim:field-required]")) == "This field is required");
    CHECK(desk.state().at("created") == 0);
    CHECK(Desk::header(desk.create("[sim:http-429]"), "Retry-After") == "2");
}

TEST_CASE("faults that spoil the answer have accepted, and charged, before") {
    Desk desk;
    CHECK(desk.create("[sim:lost-answer]").reply.no_answer);
    CHECK(desk.create("[sim:500-after]").reply.status == 502);
    CHECK(desk.create("[sim:504]").reply.status == 504);
    CHECK(code(desk.create("[sim:code-500-after]")) == 500);
    const auto garbage = desk.create("[sim:garbage-json]"), half = desk.create("[sim:truncated-json]");
    for (const auto* planned : {&garbage, &half}) {
        boost::system::error_code error;
        (void)json::parse(Desk::text(*planned), error);
        CHECK(planned->reply.status == 200);
        CHECK(error);
    }
    CHECK(Desk::object(desk.create("[sim:empty-taskid]")).at("data").at("taskId") == "");
    CHECK(Desk::object(desk.create("[sim:no-data]")).at("data").is_null());
    CHECK(desk.create("[sim:slow-answer]").delay == milliseconds{5000});
    CHECK(desk.create("[sim:hang]").delay == std::chrono::minutes{10});
    CHECK(desk.state().at("created") == 10);
    CHECK(desk.state().at("charged") == 550);
    CHECK(msg(desk.create("[sim:word-rate-limit]")) == "upstream rate limit hit while saving record");
    CHECK(msg(desk.create("[sim:word-moderate]")) == "moderate load");
    CHECK(msg(desk.create("[sim:word-violation]")) == "Segmentation violation");
    CHECK(code(desk.create("[sim:word-usage]")) == 500);
    CHECK(code(desk.create("[sim:sentence-within]")) == 500);
    CHECK(Desk::text(desk.create("[sim:empty-404-after]")).empty());
    CHECK(desk.create("[sim:empty-429-after]").reply.status == 429);
    CHECK(Desk::text(desk.create("[sim:page-502-as-404]")).find("502 Bad Gateway") != std::string::npos);
    CHECK(Desk::object(desk.create("[sim:code-402-with-task]")).at("data").at("record").at("task_id").as_string().size() == 32);
    CHECK(msg(desk.create("[sim:code-429-with-task]")).find(" (") != std::string::npos);
    CHECK(Desk::text(desk.create("[sim:page-403-with-task]")).find("taskId: ") != std::string::npos);
    CHECK(Desk::header(desk.create("[sim:redirect-to-task]"), "Location").find("?taskId=") != std::string::npos);
    CHECK(desk.state().at("created") == 22);
}

TEST_CASE("a counted mark strikes the first times a prompt is seen, whatever other prompts do") {
    Desk desk;
    CHECK(code(desk.create("a [sim:maintenance*1]")) == 455);
    CHECK(code(desk.create("b [sim:maintenance*1]")) == 455);
    CHECK(code(desk.create("a [sim:maintenance*1]")) == 200);
}

TEST_CASE("a fault by rate strikes at every n-th order") {
    Desk desk{Desk::with("code-429=every:3")};
    std::string codes;
    for (int i = 0; i < 6; ++i) codes += code(desk.create()) == 429 ? 'x' : '.';
    CHECK(codes == "..x..x");
}

TEST_CASE("latency is added to every answer of the API, not to the test's own controls") {
    auto options = Desk::quiet();
    options.latency = {milliseconds{20}, milliseconds{30}};
    Desk desk{options};
    for (int i = 0; i < 20; ++i) {
        const auto delay = desk.create().delay;
        CHECK(delay >= milliseconds{20});
        CHECK(delay <= milliseconds{30});
    }
    CHECK(desk.fetch("/sim/state").delay == milliseconds{0});
}

TEST_CASE("an unknown path is HTTP 404") { CHECK(Desk{}.fetch("/api/v1/jobs").reply.status == 404); }
