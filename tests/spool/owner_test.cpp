#include "spool/owner.hpp"
#include "place_for_tests.hpp"

using namespace motionspool;
using namespace motionspool::test;
using spool::Ownership;
using Kind = spool::Ownership::Kind;

namespace {
const spool::Owner me{.instance = "render01", .state = "5f3a", .directory = "/var/lib/one"};
const spool::Owner other{.instance = "render02", .state = "77c0", .directory = "/var/lib/state: two"};
}  // namespace

TEST_CASE("whose spool it is follows from the owner file, what we remember, and what lies there") {
    struct Row {
        std::optional<std::string> file;
        bool bare, known;
        Kind kind;
    };
    const Row table[] = {
        {spool::to_text(me), false, true, Kind::ours},
        {spool::to_text(me), true, false, Kind::ours},  // an old database was restored
        {spool::to_text({.instance = "renamed", .state = "5f3a", .directory = ""}), false, true, Kind::ours},
        {spool::to_text(other), false, true, Kind::foreign},
        {spool::to_text(other), true, false, Kind::foreign},
        {"scribble", true, false, Kind::foreign},
        {std::nullopt, true, true, Kind::not_mounted},  // an empty mount point
        {std::nullopt, false, true, Kind::not_mounted},
        {std::nullopt, true, false, Kind::fresh},
        {std::nullopt, false, false, Kind::occupied},
    };
    for (const auto& row : table) CHECK(spool::judge_owner({row.file, row.bare}, me, row.known).kind == row.kind);
}

TEST_CASE("a foreign owner is named by its instance and its state directory; by its id where its file is of a version that wrote none") {
    const auto named = [](const std::string& file) { return spool::judge_owner({file, false}, me, false).owner; };
    CHECK(named(spool::to_text(other)) == "the instance \"render02\" (state directory /var/lib/state: two)");
    CHECK(named("instance: render02\nstate: 77c0\n") == "the instance \"render02\" (state id 77c0)");
    CHECK(named("state: 77c0\n") == "an unnamed instance (state id 77c0)");
}

TEST_CASE("an owner file of ours that says something else to people is outdated") {
    const auto outdated = [](const std::string& file) { return spool::judge_owner({file, false}, me, true).outdated; };
    CHECK_FALSE(outdated(spool::to_text(me)));
    CHECK(outdated("instance: render01\nstate: 5f3a\n"));
    CHECK(outdated(spool::to_text({.instance = "renamed", .state = "5f3a", .directory = "/var/lib/one"})));
    CHECK_FALSE(outdated(spool::to_text(other)));
}

TEST_CASE("an owner file survives writing and reading, and only it makes a spool ours") {
    const TempFolder folder;
    const auto root = folder_fd(folder.path());
    CHECK(spool::judge_owner(*spool::look_at_spool(root.get()), me, false).kind == Kind::fresh);
    REQUIRE(spool::write_owner(root.get(), me).has_value());
    CHECK(spool::parse_owner(read_file(folder / ".owner")) == me);
    CHECK(spool::judge_owner(*spool::look_at_spool(root.get()), me, true).kind == Kind::ours);
    CHECK(spool::judge_owner(*spool::look_at_spool(root.get()), other, false).kind == Kind::foreign);
    REQUIRE(spool::write_owner(root.get(), other).has_value());  // run --take-over
    CHECK(spool::judge_owner(*spool::look_at_spool(root.get()), me, true).kind == Kind::foreign);
    CHECK(listing(folder.path()) == std::vector<std::string>{".owner"});
}

TEST_CASE("bare is a directory that holds nothing but empty folders of the layout") {
    const TempFolder folder;
    const auto root = folder_fd(folder.path());
    const auto bare = [&] { return spool::look_at_spool(root.get())->bare; };
    CHECK(bare());
    fs::create_directories(folder / "incoming");
    fs::create_directories(folder / ".taking");
    CHECK(bare());
    fs::create_directories(folder / "photos");
    CHECK_FALSE(bare());
    fs::remove(folder / "photos");
    put(folder / "incoming/fox.yaml");
    CHECK_FALSE(bare());
}

TEST_CASE("an owner file that is a link or a device is not followed") {
    const TempFolder folder;
    const auto root = folder_fd(folder.path());
    put(folder / "elsewhere", spool::to_text(me));
    fs::create_symlink("elsewhere", folder / ".owner");
    CHECK_FALSE(spool::look_at_spool(root.get()).has_value());
}
