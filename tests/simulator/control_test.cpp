#include "desk.hpp"

using namespace motionspool::simulator;

TEST_CASE("faults can be switched while it runs: all of them, or none if one is wrong") {
    Desk desk;
    CHECK(desk.post("/sim/faults", R"({"poll-500": 1, "code-429": "every:2"})").reply.status == 200);
    const auto task = desk.task();
    CHECK(desk.poll(task).reply.status == 500);
    CHECK(Desk::object(desk.create()).at("code") == 429);
    CHECK(desk.post("/sim/faults", R"({"poll-500": 0.0, "code-429": 0})").reply.status == 200);
    CHECK(desk.poll(task).reply.status == 200);
    for (const auto* bad : {R"({"poll-404": 1, "nonsense": 1})", R"({"poll-404": 1, "stuck": 2})", R"({"poll-404": 1, "stuck": "often"})", "[]", "x"}) {
        CHECK(desk.post("/sim/faults", bad).reply.status == 400);
    }
    CHECK(desk.poll(task).reply.status == 200);
}

TEST_CASE("a held task runs until it is released, however long that takes, and ends then as it would have") {
    auto options = Desk::with("held=1");
    options.faults.push_back(parse_fault("fail-moderation=every:2").value());
    Desk desk{options};
    const auto fox = desk.task("a fox"), owl = desk.task("an owl");
    const auto state = [&](const std::string& task) { return std::string{Desk::object(desk.poll(task)).at("data").at("state").as_string()}; };
    desk.later(std::chrono::hours{20});
    CHECK(state(fox) == "generating");
    CHECK(desk.state().at("tasks") == 2);
    CHECK(Desk::object(desk.post("/sim/release", R"({"prompt": "fox"})")).at("released") == 1);
    CHECK(state(fox) == "success");
    CHECK(state(owl) == "generating");
    CHECK(Desk::object(desk.post("/sim/release", "{}")).at("released") == 1);
    CHECK(state(owl) == "fail");
    CHECK(Desk::object(desk.post("/sim/release", "{}")).at("released") == 0);
    CHECK(desk.state().at("succeeded") == 1);
    CHECK(desk.state().at("failed") == 1);
    CHECK(desk.state().at("balance") == 99'945);
    CHECK(desk.post("/sim/faults", R"({"held": 0})").reply.status == 200);
    const auto free = desk.task("a bear");
    desk.later(milliseconds{1000});
    CHECK(state(free) == "success");
    for (const auto* bad : {"x", "[]", R"({"prompt": 1})", R"({"task": "x"})"}) CHECK(desk.post("/sim/release", bad).reply.status == 400);
}

TEST_CASE("a held task calls back when it is released") {
    Desk desk;
    const auto held =
        desk.send(Desk::request("POST", "/api/v1/jobs/createTask", Desk::order("a fox [sim:held]", "https://e.example/m.mp4", "http://127.0.0.1:1/x")));
    CHECK(held.callbacks.empty());
    desk.later(std::chrono::hours{1});
    const auto released = desk.post("/sim/release", "{}");
    REQUIRE(released.callbacks.size() == 1);
    CHECK(released.callbacks.front().due == desk.now.steady);
}

TEST_CASE("the state counts everything, and needs no key") {
    Desk desk;
    (void)desk.upload("m.mp4", "x");
    (void)desk.task();
    motionspool::http::Request bare;
    bare.target = "/sim/state";
    const auto state = Desk::object(desk.send(bare));
    CHECK(state.at("requests") == 3);
    CHECK(state.at("created") == 1);
    CHECK(state.at("tasks") == 1);
    CHECK(state.at("uploads") == 1);
    CHECK(state.at("uploaded_bytes") == 1);
    CHECK(state.at("balance") == 99'945);
    CHECK(state.at("charged") == 55);
}

TEST_CASE("ten thousand tasks are created and polled in little time") {
    auto options = Desk::quiet();
    options.balance = motionspool::Credits::whole(1'000'000);
    Desk desk{options};
    std::vector<std::string> tasks;
    for (int i = 0; i < 10'000; ++i) tasks.push_back(desk.task());
    desk.later(milliseconds{1000});
    for (const auto& task : tasks) CHECK(Desk::text(desk.poll(task)).find("\"success\"") != std::string::npos);
    CHECK(desk.state().at("succeeded") == 10'000);
}
