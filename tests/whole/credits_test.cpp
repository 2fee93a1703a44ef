#include <doctest/doctest.h>
#include <algorithm>
#include <random>
#include <thread>
#include "whole/work.hpp"

// Out of credits: what the account covers is rendered, nothing is submitted beyond it, and a top-up is noticed.
namespace motionspool::whole {
namespace {

/// The simulator's balance becomes exactly so much.
void set_balance(const Rig& rig, int credits) { rig.tell_simulator("balance", "{\"balance\": " + std::to_string(credits) + "}"); }

std::size_t refusals(const Rig& rig) {
    const auto creations = rig.journal().creations();
    return static_cast<std::size_t>(std::ranges::count_if(creations, [](const Creation& one) { return !one.accepted; }));
}

/// How many queued jobs wait for what.
std::map<std::string, std::size_t> waiting(const Rig& rig) {
    std::map<std::string, std::size_t> counts;
    for (const auto& job : rig.jobs()) {
        if (text_at(job.as_object(), "state") == "queued") counts[text_at(job.as_object(), "waiting_for")]++;
    }
    return counts;
}

/// One order of the example costs so much at the simulator.
int price_of_one(const Rig& rig, const std::vector<Order>& list) {
    for (const auto& job : rig.jobs()) {
        if (text_at(job.as_object(), "job") == list.front().id) return static_cast<int>(job.as_object().at("credits_spent").to_number<double>());
    }
    return 0;
}

/// So many kills, each in the first 400 ms of a life.
void kill_and_go_on(Rig& rig, int times, unsigned seed) {
    std::mt19937 random{seed};
    for (int n = 0; n < times; n++) {
        std::this_thread::sleep_for(std::chrono::milliseconds{random() % 400});
        rig.daemon().kill();
        rig.launch();
    }
}

std::vector<Order> alike(const std::string& batch, std::size_t count) {
    std::vector<Order> list;
    for (std::size_t n = 1; n <= count; n++) list.push_back(order("job-" + std::to_string(n), batch + " number " + std::to_string(n)));
    return list;
}

TEST_CASE("a balance for 37 of 100 jobs: exactly 37 tasks and at most one refusal, with kills; after a top-up the rest, by itself") {
    Rig rig;
    rig.start();
    const auto first = alike("first", 1), list = alike("hundred", 100);
    rig.drop("first", manifest_of("first", first));
    rig.wait_until_settled(1);
    const int price = price_of_one(rig, first);
    REQUIRE(price > 0);
    set_balance(rig, 37 * price + price / 2);
    REQUIRE(rig.stop() == Ended{0, 0});  // the next one reads the balance anew
    rig.start();
    rig.drop("hundred", manifest_of("hundred", list));
    rig.wait_until_accepted("hundred");
    kill_and_go_on(rig, 4, 37);
    const auto stands_still = [&] {
        const auto states = rig.states();
        const auto count = [&](const char* state) { return states.contains(state) ? states.at(state) : 0; };
        const bool still = count("done") + count("uncertain") + count("queued") == 101 && waiting(rig)["credits"] == count("queued") && count("queued") > 0;
        return still && rig.journal().tasks().size() - 1 + count("uncertain") >=
                            37;  // what ran when the balance was read counts twice until it is read again; what was armed and never arrived keeps its price
    };
    wait_until("the credits are used up", stands_still, 3 * patience);
    const auto uncertain = rig.states()["uncertain"];
    const auto tasks = rig.journal().tasks().size() - 1;
    MESSAGE("tasks " << tasks << ", uncertain " << uncertain << ", refusals " << refusals(rig));
    CHECK(tasks <= 37);
    CHECK(refusals(rig) <= 1);
    CHECK(waiting(rig)["credits"] == 100 - rig.states()["done"] + 1 - uncertain);
    set_balance(rig, 200 * price);
    rig.wait_until_settled(101, 3 * patience);
    auto all = list;
    all.insert(all.end(), first.begin(), first.end());
    CHECK(rig.states()["done"] == 101 - rig.states()["uncertain"]);
    CHECK(refusals(rig) <= 1);
    CHECK(rig.stop() == Ended{0, 0});
}

TEST_CASE("a batch's budget holds through kills, and `show` says what is left of it") {
    Rig rig;
    rig.start();
    const auto first = alike("first", 1), list = alike("purse", 40);
    rig.drop("first", manifest_of("first", first));
    rig.wait_until_settled(1);
    const int price = price_of_one(rig, first);
    auto manifest = manifest_of("purse", list);
    manifest.insert(manifest.find('\n') + 1, "budget: " + std::to_string(11 * price + 1) + "\n");
    rig.drop("purse", manifest);
    rig.wait_until_accepted("purse");
    kill_and_go_on(rig, 4, 11);
    const auto stands_still = [&] {
        const auto states = rig.states();
        const auto count = [&](const char* state) { return states.contains(state) ? states.at(state) : 0; };
        return count("done") + count("uncertain") == 12 && count("queued") == 29;
    };
    wait_until("the budget is used up", stands_still, 3 * patience);
    CHECK(waiting(rig)["budget"] == 29);
    CHECK(rig.journal().tasks().size() - 1 <= 11);
    CHECK(rig.stop() == Ended{0, 0});
}

}  // namespace
}  // namespace motionspool::whole
