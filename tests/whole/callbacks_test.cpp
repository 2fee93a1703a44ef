#include <doctest/doctest.h>
#include <sysexits.h>
#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <thread>
#include "whole/caller.hpp"
#include "whole/work.hpp"

// The real program with callbacks, against the simulator that sends them; its journal is the witness.
namespace motionspool::whole {
namespace {

const std::string webhook_key = "canary-webhook-key-0815";
constexpr const char* limits = "submissions: 1000 per 1s, polls: 1000 per 1s, running: 1000, downloads: 16";

/// A rig whose daemon asks for signed callbacks.
struct CalledRig {
    explicit CalledRig(std::map<std::string, std::string> simulator, const std::string& key = webhook_key) : key_{key}, rig{settings(std::move(simulator))} {
        if (!key.empty()) test::write_file(rig.folder() / "webhook.key", key + "\n");
        auto whole = settings({});
        if (!key.empty()) whole.more = section(", hmac_key_file: \"" + (rig.folder() / "webhook.key").string() + "\"");
        rig.write_config(whole);
        rig.start();
    }
    [[nodiscard]] std::string section(const std::string& more) const {
        const auto place = "127.0.0.1:" + std::to_string(port);
        return "webhook: {public_url: \"http://" + place + "/motionspool\", listen: \"" + place + "\"" + more + "}\n";
    }
    [[nodiscard]] RigSettings settings(std::map<std::string, std::string> simulator) const {
        if (!key_.empty()) simulator.emplace("--webhook-key", key_);
        return {.simulator = std::move(simulator), .limits = limits, .more = section("")};
    }
    [[nodiscard]] std::size_t polls() const { return rig.journal().of_kind("recordInfo").size(); }
    [[nodiscard]] std::size_t refusals() const {
        const auto log = rig.log();
        std::size_t count = 0;
        for (std::size_t at = 0; (at = log.find(" is refused: ", at)) != std::string::npos; at++) count++;
        return count;
    }
    std::uint16_t port = free_port();
    std::string key_;
    Rig rig;
};

std::string state_of(const Rig& rig, const std::string& job) {
    for (const auto& row : rig.jobs()) {
        if (text_at(row.as_object(), "job") == job) return text_at(row.as_object(), "state");
    }
    return "none";
}

void wait_until_done(const Rig& rig, std::size_t count, std::chrono::milliseconds limit = 2 * patience) {
    wait_until(
        std::to_string(count) + " jobs are done", [&] { return rig.states()["done"] == count; }, limit);
}

TEST_CASE("every tenth answer is lost and callbacks are on: every job is done without a person, a task each, and few polls") {
    CalledRig called{{{"--fault", "lost-answer=every:10"}}};
    const auto list = orders("lossy", 100);
    called.rig.drop("lossy", manifest_of("lossy", list));
    wait_until_done(called.rig, 100);
    const auto tally = compare_histories(called.rig, list);
    CHECK(tally.done == 100);
    CHECK(tally.tasks == 100);
    CHECK(tally.most_for_one == 1);
    const auto polls = called.polls();
    CHECK(polls <= 200);  // one a job would do; a callback may come before the answer to its submission
    const auto log = called.rig.log();
    CHECK(log.find(webhook_key) == std::string::npos);
    for (const auto& line : called.rig.journal().of_kind("createTask")) CHECK(log.find(text_at(line, "callback_token")) == std::string::npos);
    MESSAGE("100 jobs, 10 answers lost: " << tally.done << " done, " << tally.tasks << " tasks, " << polls << " polls");
}

TEST_CASE("submit --wait goes on waiting where a callback may still resolve a lost answer") {
    CalledRig called{{{"--fault", "held=1"}}};
    const auto folder = called.rig.folder() / "lost";
    std::filesystem::create_directory(folder);
    for (const auto* file : {"fox.png", "wave.mp4"}) std::filesystem::copy_file(media(file), folder / file);
    test::write_file(folder / "manifest.yaml", manifest_of("lost", {order("one", "lost [sim:lost-answer]")}));
    auto submit = called.rig.spawn({"submit", folder.string(), "--wait"}, "submit");
    const auto said = [&] { return test::read_file(called.rig.folder() / "submit.out"); };
    wait_until("it tells of the lost answer", [&] { return said().find("lost: 1 uncertain\n") != std::string::npos; });
    called.rig.release_tasks();
    CHECK(submit.wait_for(patience) == Ended{0, 0});
    CAPTURE(said());
    CHECK(said().find("lost: 1 of 1 job done\nreport: ") != std::string::npos);
}

TEST_CASE("the same without callbacks: those jobs are uncertain, and stay so") {
    Rig rig{{.simulator = {{"--fault", "lost-answer=every:10"}}}};
    rig.start();
    const auto list = orders("lossy", 100);
    rig.drop("lossy", manifest_of("lossy", list));
    rig.wait_until_settled(100, 2 * patience);
    const auto tally = compare_histories(rig, list);
    CHECK(tally.done == 90);
    CHECK(tally.uncertain == 10);
    CHECK(tally.tasks == 100);
    MESSAGE("100 jobs, 10 answers lost, no callbacks: " << tally.done << " done, " << tally.uncertain << " uncertain, " << tally.tasks << " tasks");
}

TEST_CASE("a callback before createTask's answer, three of them, and one whose id stands elsewhere do no harm") {
    for (const std::string fault : {"early-callback", "duplicate-callback", "odd-callback"}) {
        CAPTURE(fault);
        CalledRig called{{{"--fault", fault + "=1"}}};
        const auto list = orders("odd", 20);
        called.rig.drop("odd", manifest_of("odd", list));
        wait_until_done(called.rig, 20);
        const auto tally = compare_histories(called.rig, list);
        CHECK(tally.done == 20);
        CHECK(tally.tasks == 20);
        CHECK(called.refusals() == 0);
        MESSAGE(fault << ": " << called.polls() << " polls, " << called.rig.journal().of_kind("callback").size() << " callbacks");
    }
}

/// What forgers try with a real secret; each is one line in the log.
std::vector<std::string> forgeries(const std::string& secret, const std::string& task, const std::string& other_task) {
    const auto genuine = callback("/motionspool", secret, task, webhook_key);
    std::vector<std::string> all;
    const auto add = [&](auto&& change) {
        auto post = genuine;
        change(post);
        all.push_back(to_bytes(post));
    };
    add([](Post& p) { p.headers.resize(1); });
    add([](Post& p) { p.headers.pop_back(); });
    add([](Post& p) { p.headers.back().second[3] ^= 1; });
    add([](Post& p) { p.headers.back().second.resize(10); });
    add([](Post& p) { p.headers.push_back(p.headers.back()); });
    add([](Post& p) { p.headers[1].second = "1767700000"; });
    add([&](Post& p) { p.body = callback("/motionspool", secret, other_task, webhook_key).body; });
    add([&](Post& p) { p.headers = callback("/motionspool", secret, task, "another-key").headers; });
    add([](Post& p) { p.body.clear(); });
    add([](Post& p) { p.body.resize(20); });
    add([](Post& p) { p.body = "[" + p.body + "]"; });
    add([](Post& p) { p.method = "PUT"; });
    add([](Post& p) { p.method = "GET"; });
    add([](Post& p) { p.target += "/"; });
    add([](Post& p) { p.target += "?a"; });
    add([](Post& p) { p.target.back() = p.target.back() == '0' ? '1' : '0'; });
    add([](Post& p) { p.target = p.target.substr(std::string{"/motionspool"}.size()); });
    add([](Post& p) { p.target = "/"; });
    return all;
}

TEST_CASE(
    "forged, unsigned and malformed callbacks, with a real secret, get one and the same 404 and have no effect; repeats of a genuine one get 200 and none") {
    CalledRig called{{{"--fault", "lost-callback=1"}}};
    called.rig.hold_tasks();
    const std::vector<Order> list{order("one", "one"), order("two", "two [sim:lost-answer]")};
    called.rig.drop("batch", manifest_of("batch", list));
    wait_until("one is running, two uncertain", [&] { return state_of(called.rig, "one") == "running" && state_of(called.rig, "two") == "uncertain"; });
    std::map<std::string, std::pair<std::string, std::string>> by_prompt;  // secret and task
    for (const auto& line : called.rig.journal().of_kind("createTask"))
        by_prompt[text_at(line, "prompt")] = {text_at(line, "callback_token"), text_at(line, "task")};
    const auto [secret, task] = by_prompt.at(list[0].prompt);
    const auto [lost_secret, lost_task] = by_prompt.at(list[1].prompt);
    REQUIRE(secret.size() == 64);
    CHECK(secret != lost_secret);

    auto tried = forgeries(secret, task, lost_task);
    for (auto& more : forgeries(lost_secret, lost_task, task)) tried.push_back(std::move(more));
    std::set<std::string> answers;
    for (const auto& bytes : tried) {
        const auto answer = say(called.port, bytes);
        CHECK(answer.starts_with("HTTP/1.1 404 "));
        answers.insert(answer);
    }
    CHECK(answers.size() == 1);
    CHECK(called.refusals() == tried.size());
    CHECK(called.polls() == 0);
    CHECK(state_of(called.rig, "one") == "running");
    CHECK(state_of(called.rig, "two") == "uncertain");
    called.rig.release_tasks();

    for (int n = 0; n < 20; n++) {
        CHECK(say(called.port, to_bytes(callback("/motionspool", secret, task, webhook_key))).starts_with("HTTP/1.1 200 "));
        CHECK(say(called.port, to_bytes(callback("/motionspool", lost_secret, lost_task, webhook_key))).starts_with("HTTP/1.1 200 "));
    }
    wait_until_done(called.rig, 2);
    const auto tally = compare_histories(called.rig, list);
    CHECK(tally.tasks == 2);
    const auto polls = called.polls();
    for (int n = 0; n < 20; n++) CHECK(say(called.port, to_bytes(callback("/motionspool", secret, task, webhook_key))).starts_with("HTTP/1.1 200 "));
    CHECK(called.polls() == polls);
    CHECK(called.refusals() == tried.size());
    MESSAGE(tried.size() << " forgeries with real secrets: one answer, no effect; 60 genuine callbacks for two tasks: " << polls << " polls");
}

TEST_CASE("what is no proper HTTP, and what is too long, is refused and disturbs nobody") {
    CalledRig called{{{"--fault", "lost-answer=every:2"}}};
    const std::string target = "/motionspool/callback/" + std::string(64, 'a');
    const std::vector<std::pair<std::string, std::string>> bad{
        {"POST " + target + " HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {"POST " + target + " HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {"POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}", "400"},
        {"POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}", "400"},
        {"POST " + target + " HTTP/1.1\r\nHost: a\r\nX-A: 1\r\n folded\r\nContent-Length: 2\r\n\r\n{}", "400"},
        {"POST " + target + " HTTP/1.1\r\nHost: a\r\nX-A: " + std::string(9000, 'a') + "\r\nContent-Length: 2\r\n\r\n{}", "431"},
        {"POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n", "413"},
        {"POST " + target + " HTTP/9.9\r\nHost: a\r\n\r\n", ""},
        {std::string{"\x16\x03\x01\x02\x00\x01", 6}, "400"}};
    for (const auto& tried : bad) {
        INFO(tried.first.substr(0, 200));
        CHECK(say(called.port, tried.first).starts_with(tried.second.empty() ? "HTTP/1.1 " : "HTTP/1.1 " + tried.second + " "));
    }
    const auto list = orders("after", 4);
    called.rig.drop("after", manifest_of("after", list));
    wait_until_done(called.rig, 4);
}

TEST_CASE("without a key the secret alone is the proof, and the log says so at the start") {
    CalledRig called{{{"--fault", "lost-answer=every:2"}}, ""};
    CHECK(called.rig.log().find("callbacks are not signed") != std::string::npos);
    const auto list = orders("unsigned", 10);
    called.rig.drop("unsigned", manifest_of("unsigned", list));
    wait_until_done(called.rig, 10);
    CHECK(compare_histories(called.rig, list).tasks == 10);
}

TEST_CASE("a port in use ends the start with a sentence, a key that cannot be read likewise") {
    CalledRig called{{}};
    RigSettings settings;
    settings.more = called.section("");
    Rig other{settings};
    const auto in_use = other.run({"run"});
    CHECK(in_use.code == EX_UNAVAILABLE);
    CHECK(in_use.err.find("webhook.listen: 127.0.0.1:" + std::to_string(called.port) + " is in use by another program") != std::string::npos);
    settings.more = called.section(", hmac_key_file: /nowhere/key");
    other.write_config(settings);
    const auto no_key = other.run({"run"});
    CHECK(no_key.code == EX_CONFIG);
    CHECK(no_key.err.find("/nowhere/key") != std::string::npos);
}

TEST_CASE("a daemon killed again and again: whatever callback it took resolves its job, and nothing is paid twice") {
    CalledRig called{{{"--fault", "lost-answer=every:5"}, {"--duration", "300ms..1500ms"}}};
    const auto list = orders("killed", 80);
    called.rig.drop("killed", manifest_of("killed", list));
    std::mt19937 random{std::random_device{}()};
    for (int n = 0; n < 8; n++) {
        std::this_thread::sleep_for(std::chrono::milliseconds{std::uniform_int_distribution{150, 900}(random)});
        called.rig.daemon().kill();
        called.rig.launch();
        if (n == 0) called.rig.wait_until_accepted("killed");
    }
    const auto& journal = called.rig.journal();
    const auto settled = [&] {
        auto states = called.rig.states();
        return states["done"] + states["uncertain"] == 80;
    };
    wait_until("80 jobs are done or uncertain", settled, 4 * patience);
    constexpr int tries_of_a_callback = 4;
    const auto resolved = [&] {
        std::set<std::string> told;
        std::map<std::string, int> tries;
        for (const auto& line : journal.of_kind("callback")) {
            tries[text_at(line, "task")]++;
            if (text_at(line, "answer") == "200") told.insert(text_at(line, "task"));
        }
        const auto tasks = journal.tasks();
        const auto rows = called.rig.jobs();
        return std::ranges::none_of(rows, [&](const json::value& row) {
            const auto task = tasks.find(text_at(row.as_object(), "prompt"));
            if (text_at(row.as_object(), "state") != "uncertain" || task == tasks.end()) return false;
            return told.contains(task->second.task) || tries[task->second.task] < tries_of_a_callback;
        });
    };
    wait_until("every callback was tried to the end, and those that were taken have resolved their jobs", resolved, patience);
    wait_until("what they resolved is done", settled, patience);
    const auto tally = compare_histories(called.rig, list);
    CHECK(tally.other == 0);
    CHECK(tally.most_for_one <= 1);
    MESSAGE("8 kills over 80 jobs, every 5th answer lost: " << tally.done << " done, " << tally.uncertain << " uncertain, " << tally.tasks << " tasks, at most "
                                                            << tally.most_for_one << " for one job");
}

}  // namespace
}  // namespace motionspool::whole
