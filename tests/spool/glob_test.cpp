#include "spool/glob.hpp"
#include "place_for_tests.hpp"

using namespace motionspool;
using namespace motionspool::test;
using spool::glob_match;
using Names = std::vector<std::string>;

namespace {
Tried<Names> glob(int root, std::string_view pattern) {
    spool::Listings listings;
    return spool::glob(root, pattern, listings);
}
}  // namespace

TEST_CASE("patterns match by characters") {
    CHECK(glob_match("*.png", "fox.png"));
    CHECK(glob_match("*", "fox"));
    CHECK(glob_match("f?x", "fox"));
    CHECK(glob_match("f?chse",
                     "f\xc3\xbc"
                     "chse"));
    CHECK(glob_match("f\xc3\xbc*",
                     "fu\xcc\x88"
                     "chse"));
    CHECK(glob_match("[a-c]at", "bat"));
    CHECK(glob_match("[!a-c]at", "rat"));
    CHECK(glob_match("[]x]", "]"));
    CHECK(glob_match("a*b*c", "a-b-b-c"));
    CHECK(glob_match("fox[", "fox["));
    CHECK(glob_match("", ""));
    CHECK_FALSE(glob_match("*.png", "fox.PNG"));
    CHECK_FALSE(glob_match("*", ".hidden"));
    CHECK(glob_match(".h*", ".hidden"));
    CHECK_FALSE(glob_match("[a-c]at", "rat"));
    CHECK_FALSE(glob_match("f?x", "fx"));
    CHECK_FALSE(glob_match("fox", "foxes"));
}

TEST_CASE("a pattern made to be slow is not") {
    std::string pattern;
    for (int i = 0; i < 50; ++i) pattern += "*a";
    CHECK_FALSE(glob_match(pattern + "b", std::string(250, 'a')));
}

TEST_CASE("a pattern stands for files in the order of their names, folders of patterns as well") {
    const TempFolder folder;
    for (const auto* const name : {"cast/b.png", "cast/a.png", "cast/c.jpg", "cast/.hidden.png", "cast/Thumbs.db", "cast/deep/d.png", "extra/e.png"})
        put(folder / name);
    fs::create_directory(folder / "cast/folder.png");
    fs::create_symlink("a.png", folder / "cast/link.png");
    fs::create_symlink("/etc/hostname", folder / "cast/out.png");
    const auto fd = folder_fd(folder.path());
    CHECK(*glob(fd.get(), "cast/*.png") == Names{"cast/a.png", "cast/b.png", "cast/link.png"});
    CHECK(*glob(fd.get(), "*/[ae].png") == Names{"cast/a.png", "extra/e.png"});
    CHECK(*glob(fd.get(), "Cast/a*") == Names{"cast/a.png"});
    CHECK(glob(fd.get(), "*.mp4")->empty());
    CHECK(glob(fd.get(), "nowhere/*")->empty());
    CHECK(*glob(fd.get(), "cast/*") == Names{"cast/a.png", "cast/b.png", "cast/c.jpg", "cast/link.png"});
}

TEST_CASE("a file that is there literally wins over reading its name as a pattern") {
    const TempFolder folder;
    put(folder / "fox[1].png");
    put(folder / "fox1.png");
    const auto fd = folder_fd(folder.path());
    CHECK(*glob(fd.get(), "fox[1].png") == Names{"fox[1].png"});
    fs::remove(folder / "fox[1].png");
    CHECK(*glob(fd.get(), "fox[1].png") == Names{"fox1.png"});
}

TEST_CASE("no pattern leads out") {
    const TempFolder folder;
    put(folder / "secret/x.png");
    fs::create_directory(folder / "drop");
    fs::create_directory_symlink("../secret", folder / "drop/link");
    const auto fd = folder_fd(folder / "drop");
    for (const auto* const pattern : {"../secret/*.png", "/etc/*", "*/../../secret/*", "link/*.png"}) CHECK_FALSE(glob(fd.get(), pattern).has_value());
    CHECK(glob(fd.get(), "*/*.png")->empty());
    CHECK_FALSE(glob(fd.get(), "").has_value());
}

TEST_CASE("a match whose name is not UTF-8, or has a control character, is named so that it can be found and renamed") {
    for (const auto& [name, told] : {std::pair{"cast/fl\xFCgel.png", "matches \"cast/fl\\xFCgel.png\", whose name is not UTF-8; rename it"},
                                     std::pair{"cast/fox\x1b[2J.png", "matches \"cast/fox\\x1B[2J.png\", whose name has a control character; rename it"}}) {
        const TempFolder folder;
        put(folder / "cast/a.png");
        put(folder / name);
        const auto fd = folder_fd(folder.path());
        const auto matches = glob(fd.get(), "cast/*.png");
        REQUIRE_FALSE(matches.has_value());
        CHECK(matches.problem().text == told);
        CHECK(*glob(fd.get(), "cast/a*") == Names{"cast/a.png"});
    }
}
