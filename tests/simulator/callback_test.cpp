#include "desk.hpp"
#include "simulator/crypt.hpp"

using namespace motionspool;
using namespace motionspool::simulator;

namespace {
constexpr std::string_view url = "http://127.0.0.1:9000/callback/TOKEN";
Planned ordered(Desk& desk, std::string_view prompt, std::string_view callback = url) {
    return desk.post("/api/v1/jobs/createTask", Desk::order(prompt, "https://a.example/m.mp4", callback));
}
}  // namespace

TEST_CASE("the signature is the documented vector's") {
    CHECK(signature("sim-webhook-key-0001", "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c", 1767700000) == "Mtoz6DDdHPpAy6J2T0itjZR7KoqQ2p93PK9YauAU/1Y=");
}

TEST_CASE("a task with a callback URL is called back when it ends, signed if there is a key") {
    auto options = Desk::quiet();
    options.webhook_key = "key";
    Desk desk{options};
    const auto planned = ordered(desk, "p");
    REQUIRE(planned.callbacks.size() == 1);
    const auto& plan = planned.callbacks[0];
    CHECK(plan.due == desk.now.steady + milliseconds{1000});
    CHECK_FALSE(plan.before_answer);
    desk.later(milliseconds{1000});
    const auto post = desk.simulator.callback(plan.task, desk.now);
    REQUIRE(post.has_value());
    CHECK(http::to_string(post->origin) == "http://127.0.0.1:9000");
    CHECK(post->request.target == "/callback/TOKEN");
    CHECK(http::find(post->request.headers, "X-Webhook-Timestamp") == "1767700001");
    CHECK(http::find(post->request.headers, "X-Webhook-Signature") == signature("key", plan.task, 1767700001));
    const auto body = json::parse(std::get<std::string>(post->request.body));
    CHECK(body.at("code") == 200);
    CHECK(body.at("data").at("taskId") == plan.task.c_str());
    CHECK(body.at("data").at("state") == "success");
    CHECK(body.at("data").at("consumeCredits") == 55);
}

TEST_CASE("a failure is called back with code 501") {
    Desk desk;
    const auto planned = ordered(desk, "[sim:fail-moderation]");
    desk.later(milliseconds{1000});
    const auto post = desk.simulator.callback(planned.callbacks.at(0).task, desk.now);
    REQUIRE(post.has_value());
    CHECK_FALSE(http::find(post->request.headers, "X-Webhook-Signature").has_value());
    const auto body = json::parse(std::get<std::string>(post->request.body));
    CHECK(body.at("code") == 501);
    CHECK(body.at("data").at("failCode") == "422");
    CHECK(body.at("data").at("remainedCredits") == 100'000);
}

TEST_CASE("callbacks come early, three times, never, or with the id in another place") {
    Desk desk;
    CHECK(ordered(desk, "p", "").callbacks.empty());
    CHECK(ordered(desk, "[sim:duplicate-callback]").callbacks.size() == 3);
    CHECK(ordered(desk, "[sim:lost-callback]").callbacks.empty());
    CHECK(ordered(desk, "[sim:stuck]").callbacks.empty());
    const auto early = ordered(desk, "[sim:early-callback]");
    REQUIRE(early.callbacks.size() == 1);
    CHECK(early.callbacks[0].before_answer);
    const auto post = desk.simulator.callback(early.callbacks[0].task, desk.now);
    CHECK(json::parse(std::get<std::string>(post->request.body)).at("data").at("state") == "success");
    const auto odd = ordered(desk, "[sim:odd-callback]");
    const auto odd_post = desk.simulator.callback(odd.callbacks.at(0).task, desk.now);
    const auto data = json::parse(std::get<std::string>(odd_post->request.body)).at("data").as_object();
    CHECK(data.contains("task_id"));
    CHECK_FALSE(data.contains("taskId"));
}

TEST_CASE("an answer that is lost leaves the callback to come") {
    Desk desk;
    CHECK(ordered(desk, "[sim:lost-answer]").callbacks.size() == 1);
}

TEST_CASE("a forged signature is not the right one") {
    auto options = Desk::quiet();
    options.webhook_key = "key";
    Desk desk{options};
    const auto planned = ordered(desk, "[sim:forged-callback]");
    const auto post = desk.simulator.callback(planned.callbacks.at(0).task, desk.now);
    CHECK(http::find(post->request.headers, "X-Webhook-Signature") != signature("key", planned.callbacks[0].task, 1767700000));
}

TEST_CASE("nobody outside this machine is called") {
    Desk desk;
    for (const auto* target : {"https://render.example.com/callback/T", "http://10.0.0.1/callback/T", "nonsense"}) {
        const auto planned = ordered(desk, "p", target);
        CHECK_FALSE(desk.simulator.callback(planned.callbacks.at(0).task, desk.now).has_value());
    }
}

TEST_CASE("base64 goes both ways") {
    for (const std::string text : {"", "a", "ab", "abc", "abcd"}) CHECK(from_base64(base64(text)) == text);
    CHECK_FALSE(from_base64("ab").has_value());
    CHECK_FALSE(from_base64("a$==").has_value());
}
