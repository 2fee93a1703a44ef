#include <doctest/doctest.h>
#include "answers.hpp"
#include "kie/tasks.hpp"

namespace motionspool::kie {
namespace {
using namespace test;

const std::string video = "https://tempfile.aiquickdraw.com/r/out.mp4";
domain::Succeeded succeeded(const std::string& members) { return std::get<domain::Succeeded>(read_news(record("\"state\":\"success\"," + members))); }
domain::TaskFailed failed(const std::string& members) { return std::get<domain::TaskFailed>(read_news(record(members))); }
bool no_news(const http::Exchange& exchange) { return std::holds_alternative<domain::NoNews>(read_news(exchange)); }
const std::string result = R"("resultJson":"{\"resultUrls\":[\"https://tempfile.aiquickdraw.com/r/out.mp4\"]}")";

TEST_CASE("a finished task is read as the provider documents it") {
    const auto news = read_news(ok(
        R"({"code":200,"msg":"success","data":{"taskId":"t","model":"kling-2.6/motion-control","state":"success","param":"{\"callBackUrl\":\"x\"}",)" + result +
        R"(,"failCode":"","failMsg":"","costTime":184000,"createTime":1767700000000,"completeTime":1767700184000,"updateTime":1767700184000,"creditsConsumed":110.0}})"));
    const auto& done = std::get<domain::Succeeded>(news);
    CHECK(done.url == video);
    CHECK(done.consumed == Credits::whole(110));
}

TEST_CASE("whatever shape a result has, the link to its video is found; covers and what the task was given are none") {
    for (const auto* members :
         {R"("resultJson":{"resultUrls":[null,"",  "https://x/1.mp4"]})", R"("resultJson":{"resultUrls":["https://x/cover.jpg","https://x/1.mp4"]})",
          R"("resultJson":{"resultUrls":["https://x/cover","https://x/1.mp4"]})", R"("resultJson":{"resultUrls":"https://x/1.mp4"})",
          R"("resultJson":{"resultUrls":[{"url":"https://x/1.mp4","cover":"https://x/c.png"}]})", R"("resultJson":["https://x/1.mp4"])",
          R"("resultJson":"[\"https://x/1.mp4\"]")", R"("resultJson":"\"{\\\"resultUrls\\\":[\\\"https://x/1.mp4\\\"]}\"")",
          R"("resultJson":"https://x/1.mp4")", R"("resultJson":{"resultUrl":"https://x/1.mp4"})", R"("resultJson":{"video_url":"https://x/1.mp4"})",
          R"("resultJson":{"data":{"video":{"url":"https://x/1.mp4"}}})", R"("resultJson":"","resultUrls":["https://x/1.mp4"])",
          R"("resultUrl":"https://x/1.mp4")", R"("video_url":"https://x/1.mp4")", R"("resultJson":{"resultUrls":["  https://x/1.mp4\n"]})",
          R"("resultJson":{"resultUrls":["https://x/1.mp4","https://x/1.mp4"]})",
          R"("param":"{\"input\":{\"video_urls\":[\"https://x/wave.mp4\"]}}","resultJson":{"videos":["https://x/wave.mp4","https://x/1.mp4"]})"}) {
        INFO(members);
        const auto url = succeeded(members).url;
        CHECK(url.substr(0, url.find('\n')) == "https://x/1.mp4");
    }
    CHECK(succeeded(R"("resultJson":{"resultUrls":["https://x/b","https://x/c.bin","https://x/a.MOV?e=.jpg"]})").url ==
          "https://x/a.MOV?e=.jpg\nhttps://x/b\nhttps://x/c.bin");
    CHECK(succeeded(R"("resultJson":{"resultUrls":["/files/1.mp4"]})").url == "/files/1.mp4");
    CHECK(succeeded(R"("resultJson":{"resultUrls":["files/\u00fc b.mp4"]})").url == "files/\xc3\xbc b.mp4");
    CHECK(succeeded(R"("resultJson":{"resultUrls":["https://x"]})").url == "https://x");
}

TEST_CASE("resultJson is a text or an object, and its links stand one a line") {
    CHECK(succeeded(result).url == video);
    CHECK(succeeded(R"("resultJson":{"resultUrls":["https://x/1.mp4","https://x/2.mp4"]})").url == "https://x/1.mp4\nhttps://x/2.mp4");
    CHECK(succeeded(R"("resultJson":" {\"extra\":1,\"resultUrls\":[\"https://x/1.mp4\"]} ")").url == "https://x/1.mp4");
}

TEST_CASE("an answer about another task is no news of this one") {
    const auto mixed_up = ok(R"({"code":200,"data":{"taskId":"other","state":"success",)" + result + "}}");
    CHECK(std::holds_alternative<domain::NoNews>(read_news(mixed_up, "mine")));
    CHECK(std::holds_alternative<domain::Succeeded>(read_news(mixed_up, "other")));
}

TEST_CASE("a success without a URL ends as a failure") {
    for (const auto* members :
         {R"("resultJson":"")", R"("resultJson":null)", R"("x":1)", R"("resultJson":"{}")", R"("resultJson":"{\"resultUrls\":[]}")",
          R"("resultJson":"{\"resultUrls\":[null]}")", R"("resultJson":{"resultUrls":[""]})", R"("resultJson":{"resultUrls":["https://x/cover.jpg"]})",
          R"("resultJson":{"resultUrls":["see the console"]})", R"("param":"https://x/1.mp4","resultJson":{"resultUrls":["https://x/1.mp4"]})",
          R"("param":{"input":{"video_urls":["https://x/1.mp4?a=1&b=2"]}},"resultJson":{"resultUrls":["https://x/1.mp4?a=1&b=2"]})",
          R"("param":"{\"input\":{\"video_urls\":[\"https:\\/\\/x\\/1.mp4?a=1\\u0026b=2\"]}}","resultJson":{"resultUrls":["https://x/1.mp4?a=1&b=2"]})",
          R"("resultJson":"{\"resultUrls\":[\"https")", R"("resultJson":7)", R"("resultJson":"[]")"}) {
        INFO(members);
        const auto end = failed(std::string{R"("state":"success",)"} + members + R"(,"creditsConsumed":5)");
        CHECK(end.cause == domain::FailCause::result_missing);
        CHECK(end.consumed == Credits::whole(5));
    }
}

TEST_CASE("credits are read under both names, as number, fraction or text") {
    CHECK(succeeded(result + R"(,"creditsConsumed":110)").consumed == Credits::whole(110));
    CHECK(succeeded(result + R"(,"creditsConsumed":60.555)").consumed == Credits::from_milli(60'555));
    CHECK(succeeded(result + R"(,"creditsConsumed":"44.5")").consumed == Credits::from_milli(44'500));
    CHECK(succeeded(result + R"(,"consumeCredits":"44","remainedCredits":800)").consumed == Credits::whole(44));
    CHECK(succeeded(result + R"(,"creditsConsumed":null,"consumeCredits":7)").consumed == Credits::whole(7));
    CHECK(succeeded(result + R"(,"creditsConsumed":12,"consumeCredits":7)").consumed == Credits::whole(12));
    CHECK(succeeded(result + R"(,"creditsConsumed":0)").consumed == Credits{});
    CHECK_FALSE(succeeded(result).consumed);
}

TEST_CASE("credits that make no sense are credits that were not told") {
    for (const auto* odd : {"-5", "\"-0.5\"", "true", "\"\"", "\"x\"", "[]", "{}", "1e300"}) {
        INFO(odd);
        CHECK_FALSE(succeeded(result + ",\"creditsConsumed\":" + odd).consumed);
    }
}

TEST_CASE("the provider's words hold no control characters when people read them") {
    CHECK(failed(R"("state":"fail","failMsg":"\u001b[2Jall is\nwell\u009b")").message == " [2Jall is well ");
}

TEST_CASE("a failed task is read with its reason") {
    const auto end = failed(R"("state":"fail","resultJson":null,"failCode":"500","failMsg":"Image fetch failed","creditsConsumed":0)");
    CHECK(end.cause == domain::FailCause::image_fetch);
    CHECK(end.message == "Image fetch failed");
    CHECK(end.consumed == Credits{});
    CHECK(failed(R"("state":"fail","failCode":null,"failMsg":null)").message == "the provider gives no reason");
    CHECK(failed(R"("state":"fail","failCode":"501")").message == "501");
    CHECK_FALSE(failed(R"("state":"fail")").consumed);
}

TEST_CASE("a task under way is read, in states known or not") {
    for (const auto* state : {"waiting", "queuing", "generating", "dreaming"}) {
        CHECK(std::get<domain::StillRunning>(read_news(record(std::string{"\"resultJson\":\"\",\"state\":\""} + state + "\""))).state == state);
    }
}

TEST_CASE("an answer without a state, or without an object, says nothing") {
    for (const auto* members : {R"("state":"")", R"("state":null)", R"("state":7)", R"("x":1)"}) CHECK(no_news(record(members)));
    for (const auto* body : {R"({"code":200,"msg":"success","data":null})", R"({"code":200,"msg":"success","data":"fail"})", R"({"code":200,"msg":"success"})",
                             R"({"code":200,"data":[{"state":"fail"}]})", R"({"code":500,"data":{"state":"fail"}})", R"({"data":{"state":"fail"}})",
                             R"({"code":200,"data":{"state":"fail")", "", "<html>502</html>"}) {
        INFO(body);
        CHECK(no_news(ok(body)));
    }
    CHECK(no_news(answer(502, R"({"code":200,"data":{"state":"fail"}})")));
    CHECK(no_news(failure(300)));
    CHECK(no_news(failure(300, 200)));
}

TEST_CASE("news is read whether the code is a number or a string") {
    CHECK(std::holds_alternative<domain::TaskFailed>(read_news(ok(R"({"code":"200","message":"success","data":{"state":"fail"}})"))));
    CHECK(std::holds_alternative<domain::UnknownTask>(read_news(ok(R"({"code":"422","message":"recordInfo is null","data":null})"))));
    CHECK(std::holds_alternative<domain::UnknownTask>(read_news(ok(R"({"code":422,"msg":"recordInfo is null","data":null})"))));
    CHECK(std::holds_alternative<domain::KeyRefused>(read_news(answer(401, ""))));
    CHECK(std::holds_alternative<domain::KeyRefused>(read_news(ok(R"({"code":"401","msg":"no"})"))));
}

TEST_CASE("the pace that is asked for is read, and nobody waits for ever") {
    const auto wait = [](const char* text) { return std::get<domain::PollTooFast>(read_news(answer(429, "", {{"Retry-After", text}}))).retry_after; };
    CHECK(wait("12") == std::chrono::seconds{12});
    CHECK(wait("1767700000") == std::chrono::hours{1});
    CHECK_FALSE(wait("later"));
}

}  // namespace
}  // namespace motionspool::kie
