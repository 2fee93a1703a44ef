#include "spool/moves.hpp"
#include "place_for_tests.hpp"

using namespace motionspool;
using namespace motionspool::test;

TEST_CASE("a drop moves on under its own name while that is free") {
    const TempSpool spool;
    put(spool / ".taking/fox/manifest.yaml");
    CHECK(*spool::move_entry(spool.layout.taking.get(), "fox", spool.layout.accepted.get()) == "fox");
    CHECK(fs::exists(spool / "accepted/fox/manifest.yaml"));
    CHECK(listing(spool / ".taking").empty());
}

TEST_CASE("a taken name gets a number before its extension, and its notes follow") {
    const TempSpool spool;
    const int rejected = spool.layout.rejected.get();
    for (const auto* const expected : {"fox.yaml", "fox.2.yaml", "fox.3.yaml"}) {
        put(spool / ".taking/fox.yaml", expected);
        const auto name = spool::move_entry(spool.layout.taking.get(), "fox.yaml", rejected);
        REQUIRE(name.has_value());
        CHECK(*name == expected);
        REQUIRE(spool::write_note(rejected, *name, ".report.txt", *name).has_value());
    }
    CHECK(read_file(spool / "rejected/fox.yaml") == "fox.yaml");
    CHECK(read_file(spool / "rejected/fox.2.report.txt") == "fox.2.yaml");
    CHECK(listing(spool / "rejected") ==
          std::vector<std::string>{"fox.2.report.txt", "fox.2.yaml", "fox.3.report.txt", "fox.3.yaml", "fox.report.txt", "fox.yaml"});
}

TEST_CASE("a folder and a manifest of one name do not share their notes, nor do old ones without a drop") {
    const TempSpool spool;
    const int taking = spool.layout.taking.get(), finished = spool.layout.finished.get();
    put(spool / ".taking/fox/manifest.yaml");
    put(spool / ".taking/fox.yaml");
    CHECK(*spool::move_entry(taking, "fox", finished) == "fox");
    CHECK(*spool::move_entry(taking, "fox.yaml", finished) == "fox.2.yaml");
    put(spool / "finished/owl.report.html");
    put(spool / ".taking/owl/manifest.yaml");
    CHECK(*spool::move_entry(taking, "owl", finished) == "owl.2");
}

TEST_CASE("a drop that is called like a note never takes the note's place: it gets a number") {
    const TempSpool spool;
    const int taking = spool.layout.taking.get(), finished = spool.layout.finished.get();
    put(spool / ".taking/fox.again.yaml");
    put(spool / ".taking/owl.report.txt/manifest.yaml");
    CHECK(*spool::move_entry(taking, "fox.again.yaml", finished) == "fox.again.2.yaml");
    CHECK(*spool::move_entry(taking, "owl.report.txt", finished) == "owl.report.txt.2");
}

TEST_CASE("a folder's name has no extension, whatever dots are in it") {
    const TempSpool spool;
    put(spool / "accepted/v1.5/manifest.yaml");
    put(spool / ".taking/v1.5/manifest.yaml");
    CHECK(*spool::move_entry(spool.layout.taking.get(), "v1.5", spool.layout.accepted.get()) == "v1.5.2");
    CHECK(spool::note_name(spool.layout.accepted.get(), "v1.5.2", ".status.txt") == "v1.5.2.status.txt");
    CHECK(spool::note_name(spool.layout.accepted.get(), "fox.yaml", ".status.txt") == "fox.status.txt");
}

TEST_CASE("a note is replaced as a whole, is readable, and leaves nothing else behind") {
    const TempSpool spool;
    const int incoming = spool.layout.incoming.get();
    fs::create_directory(spool / "incoming/fox");
    REQUIRE(spool::write_note(incoming, "fox", ".waiting.txt", "fox.png is missing\n").has_value());
    REQUIRE(spool::write_note(incoming, "fox", ".waiting.txt", "wave.mp4 is missing\n").has_value());
    CHECK(read_file(spool / "incoming/fox.waiting.txt") == "wave.mp4 is missing\n");
    CHECK((fs::status(spool / "incoming/fox.waiting.txt").permissions() & fs::perms::mask) == fs::perms{0664});
    CHECK(listing(spool / "incoming") == std::vector<std::string>{"fox", "fox.waiting.txt"});
    spool::remove_note(incoming, "fox", ".waiting.txt");
    CHECK(listing(spool / "incoming") == std::vector<std::string>{"fox"});
}

TEST_CASE("links laid where a note goes are replaced, never written through") {
    const TempSpool spool;
    put(spool / "victim", "precious");
    fs::create_symlink(spool / "victim", spool / "incoming/fox.report.txt");
    REQUIRE(spool::write_note(spool.layout.incoming.get(), "fox", ".report.txt", "report").has_value());
    CHECK(read_file(spool / "victim") == "precious");
    CHECK(read_file(spool / "incoming/fox.report.txt") == "report");
}

TEST_CASE("names of every length move and get their notes") {
    const TempSpool spool;
    const auto name = std::string(250, 'x') + ".yaml";
    for (int i = 0; i < 3; ++i) {
        put(spool / ".taking" / name);
        const auto moved = spool::move_entry(spool.layout.taking.get(), name, spool.layout.rejected.get());
        REQUIRE(moved.has_value());
        REQUIRE(spool::write_note(spool.layout.rejected.get(), *moved, ".report.txt", "report").has_value());
    }
    CHECK(listing(spool / "rejected").size() == 6);
}

TEST_CASE("a note that cannot be written is a problem in words") {
    const TempSpool spool;
    fs::create_directory(spool / "rejected/fox.report.txt");
    put(spool / "rejected/fox.report.txt/in the way");
    const auto written = spool::write_note(spool.layout.rejected.get(), "fox", ".report.txt", "report");
    REQUIRE_FALSE(written.has_value());
    CHECK(written.problem().text == "cannot write fox.report.txt: Is a directory");
    CHECK(listing(spool / "rejected") == std::vector<std::string>{"fox.report.txt"});
}
