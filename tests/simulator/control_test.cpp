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
