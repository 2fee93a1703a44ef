#include "spool/presence.hpp"
#include "place_for_tests.hpp"
#include "spool/owner.hpp"

using namespace motionspool;
using namespace motionspool::test;
using spool::Presence;

namespace {
const spool::Owner me{.instance = "render01", .state = "5f3a", .directory = "/var/lib/one"};
const spool::Owner other{.instance = "render02", .state = "77c0", .directory = "/var/lib/two"};

struct Owned : TempSpool {
    Owned() { REQUIRE(spool::write_owner(layout.root.get(), me).has_value()); }
    [[nodiscard]] Presence presence() const { return spool::presence(layout, me.state); }
    fs::path path = folder / "spool", away = folder / "away";
};
}  // namespace

TEST_CASE("a spool that was renamed, removed or unmounted is away, and here again once it is back") {
    Owned spool;
    CHECK(spool.presence() == Presence::here);
    fs::rename(spool.path, spool.away);
    CHECK(spool.presence() == Presence::away);
    fs::create_directory(spool.path);  // what a mount point looks like with nothing mounted on it
    CHECK(spool.presence() == Presence::away);
    for (const auto* name : {"incoming", "accepted", "rejected", "finished", ".taking"}) fs::create_directory(spool.path / name);
    CHECK(spool.presence() == Presence::away);
    fs::remove_all(spool.path);
    fs::rename(spool.away, spool.path);
    CHECK(spool.presence() == Presence::here);
}

TEST_CASE("another directory of ours in its place, or one of its folders made anew, must be opened anew") {
    Owned spool;
    fs::rename(spool.path, spool.away);
    fs::copy(spool.away, spool.path, fs::copy_options::recursive);
    CHECK(spool.presence() == Presence::replaced);
    fs::remove_all(spool.path);
    fs::rename(spool.away, spool.path);
    for (const auto* name : {"incoming", "accepted"}) {
        fs::remove(spool.path / name);
        CHECK(spool.presence() == Presence::replaced);
        spool.layout = *spool::open_layout(spool.path);
        CHECK(spool.presence() == Presence::here);
    }
}

TEST_CASE("a spool that another state directory has taken over is noticed, whether the folders are the same or not") {
    Owned spool;
    REQUIRE(spool::write_owner(spool.layout.root.get(), other).has_value());
    CHECK(spool.presence() == Presence::taken);
    CHECK(spool::presence(spool.layout, "") == Presence::here);
    fs::remove(spool.path / "incoming");
    CHECK(spool.presence() == Presence::taken);
}

TEST_CASE("an owner file that somebody deleted makes no spool of ours another's") {
    const Owned spool;
    fs::remove(spool.path / ".owner");
    CHECK(spool.presence() == Presence::here);
}
