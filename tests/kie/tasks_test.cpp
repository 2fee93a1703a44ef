#include "kie/tasks.hpp"
#include <doctest/doctest.h>
#include "../http/scripted_peer.hpp"
#include "answers.hpp"
#include "kie/requests.hpp"

namespace motionspool::kie {
namespace {
using namespace test;
using namespace std::chrono_literals;

const TaskOrder fox{.model = "kling-2.6/motion-control",
                    .prompt = "A felt fox waves.",
                    .image_url = "https://u/char.png",
                    .motion_url = "https://u/move.mp4",
                    .callback = "https://render.example.com/callback/TOKEN"};

TEST_CASE("a task's body has the documented keys and no other") {
    CHECK(task_body(fox) ==
          R"({"model":"kling-2.6/motion-control","callBackUrl":"https://render.example.com/callback/TOKEN","input":{"prompt":"A felt fox waves.",)"
          R"("input_urls":["https://u/char.png"],"video_urls":["https://u/move.mp4"],"character_orientation":"video","mode":"720p"}})");
}

TEST_CASE("without callback and prompt there are no keys for them; mode and orientation are always sent") {
    TaskOrder plain{.model = "m",
                    .prompt = {},
                    .image_url = "https://u/i",
                    .motion_url = "https://u/v",
                    .mode = domain::Mode::p1080,
                    .orientation = domain::Orientation::image,
                    .callback = {}};
    CHECK(task_body(plain) ==
          R"({"model":"m","input":{"input_urls":["https://u/i"],"video_urls":["https://u/v"],"character_orientation":"image","mode":"1080p"}})");
}

TEST_CASE("a prompt is sent as written, whatever is in it") {
    auto order = fox;
    order.callback.clear();
    order.prompt = "a \"felt\" fox\\\n\t{waves} \xF0\x9F\xA6\x8A \x01</script>";
    CHECK(task_body(order).find(R"("prompt":"a \"felt\" fox\\\n\t{waves} )"
                                "\xF0\x9F\xA6\x8A"
                                R"( \u0001</script>")") != std::string::npos);
}

TEST_CASE("a task is created with one POST that carries the key, and the body as it is") {
    const auto request = create_task("sk-1", "{\"x\": 1}");
    CHECK(request.method == "POST");
    CHECK(request.target == "/api/v1/jobs/createTask");
    CHECK(lines(request.headers) == "Authorization: Bearer sk-1\nAccept: application/json\nContent-Type: application/json\n");
    CHECK(std::get<std::string>(request.body) == "{\"x\": 1}");
}

TEST_CASE("a task is asked about by its encoded id") {
    const auto request = ask_task("sk-1", "task_kling-2.6_1767693973938");
    CHECK(request.method == "GET");
    CHECK(request.target == "/api/v1/jobs/recordInfo?taskId=task_kling-2.6_1767693973938");
    CHECK(lines(request.headers) == "Authorization: Bearer sk-1\nAccept: application/json\n");
    CHECK(std::get<std::string>(request.body).empty());
    CHECK(ask_task("k", "a&b=c d/e?f#g%h+i\r\nX: y\xC3\xBC").target == "/api/v1/jobs/recordInfo?taskId=a%26b%3Dc%20d%2Fe%3Ff%23g%25h%2Bi%0D%0AX%3A%20y%C3%BC");
}

TEST_CASE("the balance is asked with the key alone") {
    const auto request = ask_balance("sk-1");
    CHECK(request.method == "GET");
    CHECK(request.target == "/api/v1/chat/credit");
    CHECK(lines(request.headers) == "Authorization: Bearer sk-1\nAccept: application/json\n");
}

std::string accepted(const http::Exchange& exchange) {
    const auto outcome = read_submission(exchange);
    const auto* task = std::get_if<domain::Accepted>(&outcome);
    return task == nullptr ? "" : task->task;
}
bool uncertain(const http::Exchange& exchange) { return std::holds_alternative<domain::Uncertain>(read_submission(exchange)); }
std::optional<domain::Refusal> refused(const http::Exchange& exchange) {
    const auto outcome = read_submission(exchange);
    const auto* refusal = std::get_if<domain::Refused>(&outcome);
    return refusal == nullptr ? std::nullopt : std::optional{refusal->why};
}

TEST_CASE("an accepted task is read whether its code is a number or a string") {
    CHECK(accepted(ok(R"({"code":200,"msg":"success","data":{"taskId":"281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c"}})")) == "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c");
    CHECK(accepted(ok(R"({"code":"200","message":"success","data":{"taskId":"t","recordId":"x"},"extra":[1]})")) == "t");
    CHECK(accepted(answer(201, " \n{\"code\":200,\"data\":{\"taskId\":\"t\"}}\n")) == "t");
}

TEST_CASE("an answer that is not quite an acceptance is uncertain") {
    for (const auto* body : {R"({"code":200,"msg":"success","data":{"taskId":""}})",
                             R"({"code":200,"msg":"success","data":{"taskId":null}})",
                             R"({"code":200,"msg":"success","data":null})",
                             R"({"code":200,"msg":"success"})",
                             R"({"code":200,"msg":"success","data":"t"})",
                             R"({"code":200,"msg":"success","data":["t"]})",
                             R"({"code":200.5,"data":{"taskId":"t"}})",
                             R"({"code":" 200","data":{"taskId":"t"}})",
                             R"({"code":"200 ","data":{"taskId":"t"}})",
                             R"({"code":true,"data":{"taskId":"t"}})",
                             R"({"code":null,"data":{"taskId":"t"}})",
                             R"({"data":{"taskId":"t"}})",
                             R"({"code":99999999999999999999,"data":{"taskId":"t"}})",
                             R"([{"code":200,"data":{"taskId":"t"}}])",
                             R"({"code":200,"msg":"success","data":{"taskId":"t"})",
                             R"({"code":200,"msg":"success","data":{"taskId":"t"}}x)",
                             "",
                             " ",
                             "null",
                             "<html>OK</html>",
                             "\xFF\xFE{"}) {
        INFO(body);
        CHECK(uncertain(ok(body)));
    }
    for (const int status : {301, 302, 303, 307, 308, 404, 408, 413, 429, 499, 500, 502, 503, 504, 520}) {
        CHECK(uncertain(answer(status, R"({"code":200,"msg":"success","data":{"taskId":"t"}})")));
        const bool redirect = status == 301 || status == 302 || status == 307 || status == 308;
        CHECK(uncertain(answer(status, "")) != redirect);
    }
}

const std::string hex = "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c", named = "task_kling-2.6_1767693973938";

TEST_CASE("what looks like a task in any shape keeps an error from being a refusal") {
    const std::vector<std::string> more{
        R"("data":{"taskId":"t"})",
        R"("data":{"taskId":4711})",
        R"("data":{"task_id":"t"})",
        R"("data":{"taskId":{"id":"t"}})",
        R"("data":{"taskId":null,"task_id":"t"})",
        R"("data":{"taskid":"t"})",
        R"("data":{"id":"abc"})",
        R"("data":{"recordId":17})",
        R"("data":{"jobId":"j"})",
        R"("data":{"task":{"no":1}})",
        R"("data":{"tasks":["t"]})",
        R"("data":[{"id":"t"}])",
        R"("data":{"result":{"deep":[{"er":{"task-id":"t"}}]}})",
        R"("data":"a1b2c3d4")",
        R"("data":17676939)",
        R"("taskId":"t","data":null)",
        R"("task_id":"t")",
        R"("id":"t")",
        R"("data":{"\u0074askId":"t"})",
        R"("data":"{\"taskId\":\"t\"}")",
        R"("data":"{\"id\":\"t\"}")",
        R"("data":"{\"record\":\"{\\\"id\\\":7}\"}")",
        R"("data":{"taskId":"t"},"data":null)",
        R"("data":null,"detail":"task )" + hex + R"( is queued")",
        R"("data":null,"detail":"\u0032)" + hex.substr(1) + R"(")",
        R"("data":null,"detail":")" + named + R"(")",
        R"("detail":"taskId=t")",
        R"("detail":["x",{"y":"see )" + hex + R"("}])",
    };
    for (const auto& error : {R"("code":402,"msg":"Credits insufficient")", R"("code":500,"msg":"server exception")",
                              R"("code":422,"msg":"The page does not exist or is not published")", R"("code":429,"msg":"no")", R"("code":401,"msg":"no")",
                              R"("code":400,"msg":"File type not supported")"}) {
        const auto whole = std::string{"{"} + error;
        REQUIRE_FALSE(uncertain(ok(whole + "}")));
        for (const auto& data : more) {
            INFO(whole << "," << data);
            CHECK(uncertain(ok(whole + "," + data + "}")));
        }
    }
    CHECK(uncertain(ok(R"({"code":402,"msg":"no credits for )" + hex + R"("})")));
    CHECK(uncertain(ok(R"({"code":200,"msg":"success","data":{"task_id":"t"}})")));
    CHECK(uncertain(ok(R"({"code":200,"msg":"success","data":{"taskId":4711}})")));
}

TEST_CASE("what says nothing of a task leaves a refusal one") {
    for (const std::string more :
         {R"("data":null)", R"("data":{})", R"("data":[])", R"("data":"")", R"("data":"null")", R"("data":{"taskId":null})", R"("data":{"taskId":""})",
          R"("data":{"taskId":[]})", R"("data":{"taskId":{"id":null}})", R"("data":{"id":" "})", R"("data":false)", R"("data":0)", R"("data":"too many")",
          R"("path":"/api/v1/jobs/createTask","timestamp":"2026-11-24T10:00:00.000Z","status":402)", R"("ray":"8f3a502b1c2d3e4f")", R"("task":null)"}) {
        INFO(more);
        CHECK(refused(ok(R"({"code":402,"msg":"no",)" + more + "}")) == domain::Refusal::credits);
    }
}

TEST_CASE("a task's id in a page, a line of text, half of JSON or a redirect keeps a status from being a refusal") {
    for (const auto& id : {hex, named, std::string{"\"taskId\":\"t\""}}) {
        for (const int status : {301, 302, 307, 308, 401, 403, 404, 405, 413, 415, 429}) {
            const auto number = std::to_string(status);
            INFO(number << " " << id);
            const std::string page = "<html><title>" + number + "</title><h1>" + number + "</h1>";
            CHECK_FALSE(uncertain(answer(status, page + "</html>")));
            CHECK(uncertain(answer(status, page + id + "</html>")));
            CHECK(uncertain(answer(status, page + "<!-- " + id + " --></html>")));
            CHECK(uncertain(answer(status, id)));
            CHECK(uncertain(answer(status, R"({"code":)" + number + R"(,"data":{)" + id)));
            CHECK(uncertain(answer(status, R"([{"code":)" + number + R"(,"x":")" + id + R"("}])")));
        }
    }
    CHECK(refused(answer(302, "", {{"Location", "https://api.kie.ai/maintenance"}})) == domain::Refusal::edge);
    CHECK(uncertain(answer(302, "", {{"Location", "/api/v1/jobs/recordInfo?taskId=t"}})));
    CHECK(uncertain(answer(303, "", {{"Location", "/"}})));
}

TEST_CASE("what an answer echoes of the request is no task's id") {
    const std::string upload = "https://tempfile.redpandaai.co/kieai/" + hex + "/images/c.png", key = "3cbad1eb5da8513664cb8349cad92127";
    auto order = fox;
    order.image_url = upload;
    order.prompt = "the name of my cat is " + named;
    const auto sent = task_body(order) + "\n" + key;
    const auto refusal = [&](const std::string& body) { return domain::Submission{read_submission(ok(body), sent)}; };
    for (const auto& echo : {upload, order.prompt, "key " + key + " is not ours"}) {
        INFO(echo);
        const auto body = R"({"code":401,"msg":"no: )" + echo + R"("})";
        CHECK(std::holds_alternative<domain::Refused>(refusal(body)));
        CHECK(uncertain(ok(body)));  // to one who does not know what was sent
    }
    CHECK(std::holds_alternative<domain::Refused>(refusal(R"({"code":402,"msg":"no","request":)" + task_body(order) + "}")));
    CHECK(std::holds_alternative<domain::Uncertain>(refusal(R"({"code":402,"msg":"no","taskId":")" + hex + R"("})")));
}

const std::string accepting = R"({"code":200,"msg":"success","data":{"taskId":")" + hex + R"("}})";
std::string length_of(std::size_t n) { return "Content-Length: " + std::to_string(n) + "\r\n"; }
/// Raw bytes, as the HTTP client understands them.
domain::Submission outcome_of(int status, const std::string& more, const std::string& behind_head) {
    const auto text = "HTTP/1.1 " + std::to_string(status) + " X\r\n" + more + "\r\n" + behind_head;
    return read_submission(http::exchange_hearing(text, http::Limits{.body = 1u << 20}), "sent");
}
bool is_uncertain(const domain::Submission& outcome) { return std::holds_alternative<domain::Uncertain>(outcome); }

TEST_CASE("no bytes in which a task's id stands are a refusal, however they are wrapped, and none that cannot be searched") {
    const std::string gzip{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x56\x4a\xce\x4f\x49\x55\xb2\x32\x32\x30\x00\x00", 23};
    std::string wide;
    for (const char c : accepting) wide += std::string{c, '\0'};
    const auto second = "HTTP/1.1 200 OK\r\n" + length_of(accepting.size()) + "\r\n" + accepting;
    struct Row {
        std::string name, head, behind;
    };
    const std::vector<Row> table{
        {"cut", length_of(500), accepting},
        {"no length", "", accepting},
        {"too long", length_of(2'000'000), accepting},
        {"a chunk that is cut", "Transfer-Encoding: chunked\r\n", "60\r\n" + accepting + "\r\n"},
        {"a chunk, and no next one", "Transfer-Encoding: chunked\r\n", "50\r\n" + accepting.substr(0, 80) + "\r\nzz\r\n"},
        {"a transfer encoding", "Transfer-Encoding: gzip, chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"},
        {"a length of 0", length_of(0), accepting},
        {"a length too short", length_of(20), accepting},
        {"words behind the end", length_of(0), "saved"},
        {"a second answer", length_of(0), second},
        {"a content encoding", "Content-Encoding: gzip\r\n" + length_of(gzip.size()), gzip},
        {"a header", "X-Task-Id: 5ca1\r\n" + length_of(0), ""},
        {"a trailer", "Transfer-Encoding: chunked\r\nTrailer: X-Task-Id\r\n", "0\r\nX-Task-Id: " + hex + "\r\n\r\n"},
        {"16 bits a letter", length_of(wide.size()), wide},
    };
    for (const int status : {401, 403, 301, 302, 307, 308}) {
        for (const auto& row : table) {
            INFO(status << " " << row.name);
            CHECK(is_uncertain(outcome_of(status, row.head, row.behind)));
        }
        CHECK_FALSE(is_uncertain(outcome_of(status, "", "<html>no length")));  // a proxy's page
        CHECK_FALSE(is_uncertain(outcome_of(status, length_of(500), "<html>cut")));
        CHECK_FALSE(is_uncertain(outcome_of(status, length_of(2), "no\r\n")));
        CHECK_FALSE(is_uncertain(outcome_of(status, "Content-Encoding: identity\r\n" + length_of(2), "no")));
        CHECK_FALSE(is_uncertain(outcome_of(status, "Content-Encoding: gzip\r\n" + length_of(0), "")));
    }
    CHECK(std::get<domain::Uncertain>(outcome_of(403, length_of(20), accepting)).why == "an answer that may name a task: " + hex + " (HTTP 403)");
    CHECK(std::get<domain::Uncertain>(outcome_of(403, length_of(0), "saved")).why ==
          "an answer that may name a task: more came than its head tells (HTTP 403)");
}

TEST_CASE("what comes with an envelope that refuses is searched, too") {
    for (const std::string refusal :
         {R"({"code":402,"msg":"Credits insufficient"})", R"({"code":429,"msg":"no"})", R"({"code":500,"msg":"This field is required"})"}) {
        INFO(refusal);
        const auto length = length_of(refusal.size());
        CHECK_FALSE(is_uncertain(outcome_of(200, length, refusal)));
        CHECK(is_uncertain(outcome_of(200, length, refusal + accepting)));
        CHECK(is_uncertain(outcome_of(200, length, refusal + "\r\nHTTP/1.1 200 OK\r\n" + length_of(accepting.size()) + "\r\n" + accepting)));
        CHECK(is_uncertain(outcome_of(200, "X-Task-Id: " + hex + "\r\n" + length, refusal)));
        CHECK(is_uncertain(outcome_of(200, length_of(refusal.size() + 3), refusal)));
        CHECK(is_uncertain(outcome_of(502, length, refusal)));
    }
}

TEST_CASE("a known sentence is no proof beside another one, wherever that stands; words, paths and dates are none") {
    const std::string error = R"({"code":500,"msg":"server exception")";
    for (const std::string more :
         {R"("error":"timeout after the task was saved")", R"("data":"timeout while waiting for worker")", R"("detail":"saved, then failed")",
          R"("data":{"a":[{"b":"saved, then failed"}]})", R"("data":{"taskID ":"x"})", R"("data":{"generationId":"g-17"})", R"("data":{"predictionId":"p-17"})",
          R"("data":{"order_no":"4711"})", R"("data":{"videoId":"v17"})"}) {
        INFO(more);
        CHECK(uncertain(ok(error + "," + more + "}")));
    }
    for (const std::string more : {R"("data":null)", R"("path":"/api/v1/jobs/createTask")", R"("timestamp":"2026-11-24 10:00:00")",
                                   R"("message":"server exception")", R"("error":" server exception")", R"("status":"error")"}) {
        INFO(more);
        CHECK(refused(ok(error + "," + more + "}")) == domain::Refusal::bad_parameter);
    }
    const auto both = ok(error + R"(,"detail":"the record was saved"})");
    CHECK(std::get<domain::Uncertain>(read_submission(both)).why == "an answer that proves nothing (500: server exception / the record was saved)");
}

TEST_CASE("what accepts, and names the task by what is no id, is uncertain") {
    const auto accepting_as = [](const std::string& id) { return ok(R"({"code":200,"msg":"success","data":{"taskId":")" + id + R"("}})"); };
    for (const std::string id : {" ", "null", "None", "undefined", "\\n", "a b", "\\u0000", "\\u007f", "t\xc3\xa4sk"}) {
        INFO(id);
        CHECK(uncertain(accepting_as(id)));
    }
    CHECK(uncertain(accepting_as(std::string(301, 'x'))));  // no side-file could keep it
    CHECK(accepted(accepting_as(std::string(300, 'x'))) == std::string(300, 'x'));
    CHECK(accepted(accepting_as("kling:7/a~b")) == "kling:7/a~b");
}

TEST_CASE("what has arrived of an answer that broke off is searched for a task, too; its name stands in the reason") {
    const auto cut = [](int status, const std::string& body, const http::Headers& headers = {}) {
        auto failed = std::get<http::Failure>(failure(700, status));
        failed.begun = {status, headers, body};
        return std::get<domain::Uncertain>(read_submission(failed)).why;
    };
    CHECK(cut(401, R"({"code":200,"msg":"success","data":{"taskId":"task_kling_17)").find("task_kling_17") != std::string::npos);
    CHECK(cut(403, R"({"code":200,"data":{"taskId":"5ca1)").find("5ca1") != std::string::npos);
    CHECK(cut(302, "", {{"Location", "/logs?taskId=5ca1ab1e"}}).find("5ca1ab1e") != std::string::npos);
    CHECK(cut(301, "<html>281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c is being").find("281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c") != std::string::npos);
}

TEST_CASE("a refusal is read from code and text, under msg or message") {
    using enum domain::Refusal;
    CHECK(refused(ok(R"({"code":401,"msg":"You do not have access permissions"})")) == key);
    CHECK(refused(ok(R"({"code":402,"msg":"Credits insufficient : …","data":null})")) == credits);
    CHECK(refused(ok(R"({"code":"422","message":"The page does not exist or is not published","data":null})")) == bad_parameter);
    CHECK(refused(ok(R"({"code":500,"msg":"mode is not within the range of allowed options","data":null})")) == bad_parameter);
    CHECK(refused(ok(R"({"code":"500","message":"Credits insufficient","data":{}})")) == credits);
    CHECK(refused(answer(500, R"({"code":500,"message":"Image fetch failed","data":null})")) == image_fetch);
    CHECK(refused(ok(R"({"code":500,"msg":"","message":"This field is required"})")) == field_required);
    CHECK(refused(answer(400, R"({"code":400,"msg":"prompt text length cannot exceed 2500."})")) == bad_parameter);
    CHECK(refused(answer(404, "<html><head><title>404 Not Found</title></head></html>")) == edge);
    CHECK(refused(answer(403, "error code: 1010")) == forbidden);
    CHECK(refused(answer(401, "")) == key);
    CHECK(refused(failure(700, 403)) == forbidden);
    CHECK(uncertain(ok(R"({"code":500,"msg":["This field is required"]})")));
    CHECK(uncertain(ok(R"({"code":422,"msg":"recordInfo is null","data":null})")));
    CHECK(uncertain(answer(500, "This field is required")));
    CHECK(refused(ok(R"({"code":500,"msg":"server exception","message":"server exception"})")) == bad_parameter);
    CHECK(uncertain(ok(R"({"code":500,"msg":"server exception","message":"the record was saved"})")));
    CHECK(uncertain(ok(R"({"code":500,"msg":"the record was saved","message":"server exception"})")));
    CHECK(uncertain(ok(R"({"code":500,"msg":"upstream rate limit hit while saving record","data":null})")));
    CHECK(uncertain(answer(404, "")));
    CHECK(uncertain(answer(429, R"({"message":"API rate limit exceeded"})")));
    CHECK(uncertain(failure(700, 404)));
}

TEST_CASE("throttling is read with what the provider asks for") {
    const auto slow = [](const http::Exchange& exchange) { return std::get<domain::SlowDown>(read_submission(exchange)).retry_after; };
    CHECK_FALSE(slow(ok(R"({"code":429,"msg":"Your call frequency is too high. Please try again later.","data":null})")));
    const std::string page = "error code: 1015";
    CHECK(slow(answer(429, page, {{"retry-after", "7"}})) == 7s);
    CHECK(slow(answer(429, page, {{"Retry-After", "0"}})) == 0s);
    for (const auto* odd : {"-5", "soon", "", "7.5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999"})
        CHECK_FALSE(slow(answer(429, page, {{"Retry-After", odd}})));
    CHECK(slow(answer(429, page, {{"Retry-After", "3600"}})) == 1h);
    CHECK(slow(answer(429, page, {{"Retry-After", "1767700000"}})) == 1h);  // an instant, not a duration: nobody waits 56 years
}

TEST_CASE("without an answer, only what was not written was not sent") {
    CHECK(std::holds_alternative<domain::NotSent>(read_submission(failure(0))));
    CHECK(std::get<domain::NotSent>(read_submission(failure(0))).why == "api.kie.ai: reset");
    CHECK(uncertain(failure(1)));
    CHECK(uncertain(failure(700, 200)));
    CHECK(uncertain(failure(0, 200)));
}

TEST_CASE("a balance is read as a number, a fraction or a text") {
    const auto credits = [](const std::string& data) { return read_balance(ok(R"({"code":200,"msg":"success","data":)" + data + "}")).credits; };
    CHECK(credits("812.5") == Credits::from_milli(812'500));
    CHECK(credits("0") == Credits{});
    CHECK(credits("110.0") == Credits::whole(110));
    CHECK(credits("\"812.5\"") == Credits::from_milli(812'500));
    CHECK(credits("0.001") == Credits::from_milli(1));
    CHECK(credits("-5") == Credits::whole(-5));
    CHECK(credits("1234567.891") == Credits::from_milli(1'234'567'891));
    CHECK(credits("1e3") == Credits::whole(1000));
    for (const auto* odd : {"null", "true", "\"\"", "\"many\"", "[1]", "{\"credits\":1}", "1e300"}) CHECK_FALSE(credits(odd));
}

TEST_CASE("a balance that does not come is told with its reason") {
    CHECK(read_balance(failure(100)).trouble == "api.kie.ai: reset");
    CHECK(read_balance(answer(502, "<html>")).trouble == "HTTP 502");
    CHECK(read_balance(ok(R"({"code":500,"msg":"Internal error"})")).trouble == "500: Internal error");
    CHECK(read_balance(ok(R"({"code":401,"msg":"no access"})")).trouble ==
          "401: no access; put the right one into place (provider.api_key_file, or the credential kie-api-key) and restart the daemon");
    CHECK_FALSE(read_balance(answer(502, R"({"code":200,"data":5})")).credits);
    CHECK_FALSE(read_balance(ok(R"({"code":500,"data":5})")).credits);
    CHECK_FALSE(read_balance(ok(R"({"data":5})")).credits);
}

}  // namespace
}  // namespace motionspool::kie
