#include "spool/settling.hpp"
#include <doctest/doctest.h>

using namespace motionspool;
using namespace std::chrono_literals;
using spool::Due;
using spool::Entry;
using spool::EntryKind;
using spool::Settling;

namespace {
constexpr BootTime t0{100s};
bool never() { return false; }
bool always() { return true; }

Entry entry(const std::string& name, std::uint64_t print, EntryKind kind = EntryKind::folder) {
    return {.name = name, .kind = kind, .print = {.hash = print}, .note_stem = name, .trouble = {}};
}

struct World {
    Settling settling{5s, 10min};
    void see(BootTime now, const std::vector<Entry>& entries) {
        for (const auto& one : entries) settling.see(one, now);
        REQUIRE(settling.end_scan(never));
    }
    [[nodiscard]] std::vector<Due> due(BootTime now) const {
        std::vector<Due> due;
        for (std::optional<std::string> at{""}; at;) {
            if (auto next = settling.next_due(at, now, never)) due.push_back(std::move(*next));
        }
        return due;
    }
};
const std::vector<Due> nothing;
const std::vector<Due> fox{{.name = "fox", .kind = EntryKind::folder, .patience_over = false}};
const std::vector<Due> fox_at_last{{.name = "fox", .kind = EntryKind::folder, .patience_over = true}};
}  // namespace

TEST_CASE("what was there at start is looked into when nothing changed for the settling time") {
    World world;
    world.see(t0, {entry("fox", 1)});
    CHECK(world.due(t0 + 4999ms) == nothing);
    CHECK(world.settling.due_at("fox") == t0 + 5s);
    CHECK(world.due(t0 + 5s) == fox);
}

TEST_CASE("what something outside it is in the way of is tried again, ever later, at most after the patience; a change starts anew") {
    World world;
    world.see(t0, {entry("fox", 1)});
    auto now = t0 + 5s;
    for (const auto wait : {30s, 60s, 120s, 240s, 480s, 600s, 600s}) {
        REQUIRE(world.due(now).size() == 1);
        world.settling.try_again("fox", now, 30s);
        CHECK(world.due(now + wait - 1ms).empty());
        world.settling.all_answered();
        CHECK(world.due(now + wait - 1ms).empty());
        now += wait;
    }
    world.settling.try_again("fox", now, 30s);
    world.see(now, {entry("fox", 2)});
    CHECK(world.due(now + 4999ms).empty());
    CHECK(world.due(now + 5s) == fox);
}

TEST_CASE("every change starts the settling anew") {
    World world;
    world.see(t0, {entry("fox", 1)});
    world.see(t0 + 4s, {entry("fox", 2)});
    world.see(t0 + 8s, {entry("fox", 3)});
    world.see(t0 + 9s, {entry("fox", 3)});
    CHECK(world.due(t0 + 12999ms) == nothing);
    CHECK(world.due(t0 + 13s) == fox);
}

TEST_CASE("what is renamed in is due at once") {
    World world;
    world.settling.renamed_in("fox");
    world.see(t0, {entry("fox", 1), entry("owl", 1)});
    CHECK(world.due(t0) == fox);
    CHECK(world.settling.due_at("fox") == t0);
}

TEST_CASE("a rename that a running scan had passed by counts for the next one, and not forever") {
    World world;
    world.settling.renamed_in("fox");
    world.see(t0, {});
    world.see(t0 + 1s, {entry("fox", 1)});
    CHECK(world.due(t0 + 1s) == fox);

    World later;
    later.settling.renamed_in("fox");
    later.see(t0, {});
    later.see(t0 + 1s, {});
    later.see(t0 + 2s, {entry("fox", 1)});
    CHECK(later.due(t0 + 2s) == nothing);
}

TEST_CASE("a folder changed after it was renamed in must settle") {
    World world;
    world.settling.renamed_in("fox");
    world.see(t0, {entry("fox", 1)});
    world.see(t0 + 1s, {entry("fox", 2)});
    CHECK(world.due(t0 + 1s) == nothing);
    CHECK(world.due(t0 + 6s) == fox);
}

TEST_CASE("a drop with a file missing waits for a change to settle, or for patience to end") {
    World world;
    world.see(t0, {entry("fox", 1)});
    REQUIRE(world.due(t0 + 5s) == fox);
    world.settling.wait_for_more("fox");
    CHECK(world.due(t0 + 1min) == nothing);
    CHECK(world.settling.due_at("fox") == t0 + 10min);

    SUBCASE("the file comes") {
        world.see(t0 + 2min, {entry("fox", 2)});
        CHECK(world.due(t0 + 2min + 4s) == nothing);
        CHECK(world.due(t0 + 2min + 5s) == fox);
    }
    SUBCASE("another file comes, and patience begins anew") {
        world.see(t0 + 9min, {entry("fox", 2)});
        REQUIRE(world.due(t0 + 9min + 5s) == fox);
        world.settling.wait_for_more("fox");
        CHECK(world.due(t0 + 18min) == nothing);
        CHECK(world.due(t0 + 19min) == fox_at_last);
    }
    SUBCASE("nothing comes") {
        world.see(t0 + 5min, {entry("fox", 1)});
        CHECK(world.due(t0 + 10min) == fox_at_last);
    }
}

TEST_CASE("a stranger is due when patience is over, however it came") {
    World world;
    world.settling.renamed_in("holiday.jpg");
    world.see(t0, {entry("holiday.jpg", 1, EntryKind::stranger)});
    CHECK(world.due(t0 + 599s) == nothing);
    CHECK(world.due(t0 + 10min) == std::vector<Due>{{.name = "holiday.jpg", .kind = EntryKind::stranger, .patience_over = true}});
}

TEST_CASE("what was reported is left alone until it changes") {
    World world;
    world.see(t0, {entry("fox", 1)});
    world.settling.leave_alone("fox");
    world.see(t0 + 1h, {entry("fox", 1)});
    CHECK(world.due(t0 + 100h) == nothing);
    CHECK_FALSE(world.settling.due_at("fox").has_value());
    world.see(t0 + 2h, {entry("fox", 2)});
    CHECK(world.due(t0 + 2h + 5s) == fox);
}

TEST_CASE("what others are asked about is due again when they have answered, or when that takes too long, or when it changes") {
    for (const bool answered : {false, true}) {
        World world;
        world.see(t0, {entry("fox", 1)});
        REQUIRE(world.due(t0 + 5s) == fox);
        world.settling.put_off("fox", t0 + 35s);
        CHECK(world.due(t0 + 34s) == nothing);
        CHECK(world.settling.due_at("fox") == t0 + 35s);
        if (answered) world.settling.all_answered();
        CHECK(world.due(t0 + (answered ? 6s : 35s)) == fox);
        world.settling.put_off("fox", t0 + 60s);
        world.see(t0 + 36s, {entry("fox", 2)});
        CHECK(world.settling.due_at("fox") == t0 + 41s);
    }
}

TEST_CASE("what is gone is forgotten, and coming back is a new arrival") {
    World world;
    world.see(t0, {entry("fox", 1)});
    world.see(t0 + 3s, {});
    world.see(t0 + 4s, {entry("fox", 1)});
    CHECK(world.due(t0 + 8s) == nothing);
    CHECK(world.due(t0 + 9s) == fox);
    world.settling.forget("fox");
    CHECK(world.due(t0 + 9s) == nothing);
}

TEST_CASE("a file that becomes a folder of the same name is a new arrival") {
    World world;
    world.see(t0, {entry("fox", 1, EntryKind::stranger)});
    world.see(t0 + 1min, {entry("fox", 1)});
    CHECK(world.due(t0 + 1min) == nothing);
    CHECK(world.due(t0 + 1min + 5s) == fox);
}

TEST_CASE("due drops come in the order of their names, and stay due until answered") {
    World world;
    world.see(t0, {entry("owl", 1), entry("fox", 1), entry("bear", 1)});
    const auto due = world.due(t0 + 5s);
    REQUIRE(due.size() == 3);
    CHECK(due[0].name == "bear");
    CHECK(due[2].name == "owl");
    CHECK(world.due(t0 + 6s).size() == 3);
}

TEST_CASE("a crowd is looked through in slices, each as short as is asked for, and nobody is passed over") {
    World world;
    std::vector<Entry> crowd;
    for (int i = 0; i < 1000; i++) crowd.push_back(entry("e" + std::to_string(1000 + i), 1));
    world.see(t0, crowd);

    std::vector<Due> due;
    int slices = 0;
    for (std::optional<std::string> at{""}; at; slices++) {
        if (auto next = world.settling.next_due(at, t0 + 4s, always)) due.push_back(std::move(*next));
    }
    CHECK(due.empty());
    CHECK(slices >= 1000);
    for (std::optional<std::string> at{""}; at;) {
        auto next = world.settling.next_due(at, t0 + 5s, always);
        if (next && next->name != "e1500") world.settling.leave_alone(next->name);
        if (next) due.push_back(std::move(*next));
    }
    CHECK(due.size() == 1000);

    crowd.erase(crowd.begin(), crowd.begin() + 500);
    for (const auto& one : crowd) CHECK_FALSE(world.settling.see(one, t0 + 6s));
    for (slices = 0; !world.settling.end_scan(always);) slices++;
    CHECK(slices >= 499);
    CHECK_FALSE(world.settling.due_at("e1499"));
    CHECK(world.due(t0 + 6s) == std::vector<Due>{{.name = "e1500", .kind = EntryKind::folder, .patience_over = false}});
}
