#include "desk.hpp"

using namespace motionspool;
using namespace motionspool::simulator;

namespace {
std::string balance(Desk& desk) { return json::serialize(Desk::object(desk.fetch("/api/v1/chat/credit")).at("data")); }
std::string consumed(Desk& desk, const std::string& task) { return json::serialize(Desk::object(desk.poll(task)).at("data").at("creditsConsumed")); }
std::string task_for(Desk& desk, const std::string& motion, const std::string& mode) {
    return std::string{Desk::object(desk.post("/api/v1/jobs/createTask", Desk::order("p", motion, "", mode))).at("data").at("taskId").as_string()};
}
}  // namespace

TEST_CASE("the price is a started second's, by the length of the motion that was uploaded") {
    Desk desk;
    const auto motion = desk.upload("m.mp4", clip_of(3001));
    const auto task = task_for(desk, motion, "720p");
    CHECK(balance(desk) == "99956");
    const auto dear = task_for(desk, motion, "1080p");
    CHECK(balance(desk) == "99884");
    desk.later(milliseconds{1000});
    CHECK(consumed(desk, task) == "44");
    CHECK(consumed(desk, dear) == "72");
}

TEST_CASE("a motion from elsewhere, or one that is no MP4, counts as five seconds") {
    Desk desk;
    (void)desk.task();
    CHECK(balance(desk) == "99945");
    (void)task_for(desk, desk.upload("m.mkv", "no MP4"), "720p");
    CHECK(balance(desk) == "99890");
}

TEST_CASE("a short one costs the minimum") {
    auto options = Desk::quiet();
    options.minimum_720p = Credits::whole(120);
    Desk desk{options};
    (void)desk.task();
    CHECK(balance(desk) == "99880");
    (void)task_for(desk, desk.upload("m.mkv", "no MP4"), "1080p");
    CHECK(balance(desk) == "99790");
}

TEST_CASE("what is charged at create comes back when the task fails, at the moment it fails") {
    Desk desk;
    const auto task = desk.task("[sim:fail-moderation]");
    CHECK(balance(desk) == "99945");
    desk.later(milliseconds{999});
    CHECK(balance(desk) == "99945");
    desk.later(milliseconds{1});
    CHECK(balance(desk) == "100000");
    CHECK(consumed(desk, task) == "0");
    CHECK(desk.state().at("charged") == 55);
    CHECK(desk.state().at("returned") == 55);
}

TEST_CASE("or it is charged with the success") {
    auto options = Desk::quiet();
    options.charge = ChargeAt::success;
    Desk desk{options};
    (void)desk.task();
    (void)desk.task("[sim:fail-internal]");
    (void)desk.task("[sim:fail-charged]");
    CHECK(balance(desk) == "100000");
    desk.later(milliseconds{1000});
    CHECK(balance(desk) == "99890");
    CHECK(desk.state().at("succeeded") == 1);
    CHECK(desk.state().at("failed") == 2);
}

TEST_CASE("a failed task can keep its price, and a good one can cost half as much again") {
    Desk desk;
    const auto kept = desk.task("[sim:fail-charged]");
    const auto dearer = desk.task("[sim:overcharge]");
    desk.later(milliseconds{1000});
    CHECK(consumed(desk, kept) == "55");
    CHECK(Desk::text(desk.poll(dearer)).find("\"creditsConsumed\":82.5}") != std::string::npos);
    CHECK(Desk::text(desk.fetch("/api/v1/chat/credit")).find("\"data\":99862.5}") != std::string::npos);
}

TEST_CASE("credits that do not suffice are 402 or 500, and a top-up helps") {
    for (const int code : {402, 500}) {
        auto options = Desk::quiet();
        options.balance = Credits::whole(54);
        options.credits_error = code;
        Desk desk{options};
        const auto refused = Desk::object(desk.create());
        CHECK(refused.at("code") == code);
        CHECK(std::string{refused.at("msg").as_string()}.starts_with("Credits insufficient : "));
        CHECK(desk.post("/sim/balance", R"({"credits": 1.5})").reply.status == 200);
        CHECK(Desk::object(desk.create()).at("code") == 200);
        CHECK(balance(desk) == "5E-1");
        CHECK(desk.post("/sim/balance", R"({"balance": 7})").reply.status == 200);
        CHECK(balance(desk) == "7");
        CHECK(desk.post("/sim/balance", "{}").reply.status == 400);
    }
}

TEST_CASE("whatever happens, the sums explain the balance to the last thousandth") {
    auto options = Desk::quiet();
    options.price_720p = Credits::from_milli(11'007);
    options.faults = {{Fault::fail_internal, {300'000, 0}}, {Fault::fail_charged, {100'000, 0}}, {Fault::overcharge, {200'000, 0}},
                      {Fault::stuck, {50'000, 0}},          {Fault::lost_answer, {100'000, 0}},  {Fault::code_429, {100'000, 0}}};
    for (const auto charge : {ChargeAt::create, ChargeAt::success}) {
        options.charge = charge;
        Desk desk{options};
        for (int i = 0; i < 300; ++i) {
            (void)desk.create();
            desk.later(milliseconds{17});
        }
        desk.later(milliseconds{5000});
        const auto state = desk.state();
        const auto sum = [&](const char* key) { return parse_credits(json::serialize(state.at(key))).value().milli(); };
        CHECK(sum("balance") == 100'000'000 - sum("charged") + sum("returned"));
        CHECK(state.at("created").as_int64() == state.at("succeeded").as_int64() + state.at("failed").as_int64() + state.at("tasks").as_int64());
        CHECK(state.at("failed").as_int64() > 50);
    }
}
