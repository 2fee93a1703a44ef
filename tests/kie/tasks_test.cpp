#include "kie/tasks.hpp"
#include <doctest/doctest.h>
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
    for (const int status : {301, 302, 307, 408, 499, 500, 502, 503, 504, 520}) {
        CHECK(uncertain(answer(status, R"({"code":200,"msg":"success","data":{"taskId":"t"}})")));
        CHECK(uncertain(answer(status, "")));
    }
}

TEST_CASE("what looks like a task in any shape keeps an error from being a refusal") {
    for (const auto* data : {R"({"taskId":"t"})", R"({"taskId":4711})", R"({"task_id":"t"})", R"({"taskId":{"id":"t"}})", R"({"taskId":null,"task_id":"t"})",
                             R"({"taskid":"t"})"}) {
        for (const auto* error :
             {R"("code":402,"msg":"Credits insufficient")", R"("code":500,"msg":"server exception")", R"("code":422,"msg":"no")", R"("code":429,"msg":"no")"}) {
            INFO(error << " " << data);
            CHECK(uncertain(ok(std::string{"{"} + error + ",\"data\":" + data + "}")));
        }
    }
    CHECK(refused(ok(R"({"code":402,"msg":"no","data":{"taskId":null}})")) == domain::Refusal::credits);
    CHECK(refused(ok(R"({"code":402,"msg":"no","data":{"taskId":""}})")) == domain::Refusal::credits);
    CHECK(uncertain(ok(R"({"code":200,"msg":"success","data":{"task_id":"t"}})")));
    CHECK(uncertain(ok(R"({"code":200,"msg":"success","data":{"taskId":4711}})")));
}

TEST_CASE("a refusal is read from code and text, under msg or message") {
    using enum domain::Refusal;
    CHECK(refused(ok(R"({"code":401,"msg":"You do not have access permissions"})")) == key);
    CHECK(refused(ok(R"({"code":402,"msg":"Credits insufficient : …","data":null})")) == credits);
    CHECK(refused(ok(R"({"code":"422","message":"The page does not exist or is not published","data":null})")) == bad_parameter);
    CHECK(refused(ok(R"({"code":500,"msg":"mode is not within the range of allowed options","data":null})")) == bad_parameter);
    CHECK(refused(ok(R"({"code":"500","message":"Your current balance isn't enough","data":{}})")) == credits);
    CHECK(refused(answer(500, R"({"code":500,"message":"Image fetch failed","data":null})")) == image_fetch);
    CHECK(refused(ok(R"({"code":500,"msg":"","message":"This field is required"})")) == bad_parameter);
    CHECK(refused(answer(403, "error code: 1010")) == forbidden);
    CHECK(refused(answer(401, "")) == key);
    CHECK(refused(failure(700, 403)) == forbidden);
    CHECK(uncertain(ok(R"({"code":500,"msg":["This field is required"]})")));
    CHECK(uncertain(ok(R"({"code":422,"msg":"recordInfo is null","data":null})")));
    CHECK(uncertain(answer(500, "This field is required")));
}

TEST_CASE("throttling is read with what the provider asks for") {
    const auto slow = [](const http::Exchange& exchange) { return std::get<domain::SlowDown>(read_submission(exchange)).retry_after; };
    CHECK_FALSE(slow(ok(R"({"code":429,"msg":"Your call frequency is too high. Please try again later.","data":null})")));
    CHECK(slow(answer(429, "", {{"retry-after", "7"}})) == 7s);
    CHECK(slow(answer(429, "", {{"Retry-After", "0"}})) == 0s);
    for (const auto* odd : {"-5", "soon", "", "7.5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999"})
        CHECK_FALSE(slow(answer(429, "", {{"Retry-After", odd}})));
    CHECK(slow(answer(429, "", {{"Retry-After", "3600"}})) == 1h);
    CHECK(slow(answer(429, "", {{"Retry-After", "1767700000"}})) == 1h);  // an instant, not a duration: nobody waits 56 years
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
    CHECK(read_balance(ok(R"({"code":401,"msg":"no access"})")).trouble == "401: no access; check the API key");
    CHECK_FALSE(read_balance(answer(502, R"({"code":200,"data":5})")).credits);
    CHECK_FALSE(read_balance(ok(R"({"code":500,"data":5})")).credits);
    CHECK_FALSE(read_balance(ok(R"({"data":5})")).credits);
}

}  // namespace
}  // namespace motionspool::kie
