#include "spool/names.hpp"
#include <doctest/doctest.h>

using namespace motionspool::spool;

TEST_CASE("droppings of other programs are ignored") {
    for (const auto* const name : {".DS_Store",        ".hidden",       ".fox.png.Xa3fQ2",
                                   "._fox.png",        "fox.yaml~",     "fox.tmp",
                                   "fox.part",         ".fox.yaml.swp", "fox.SWP",
                                   "@eaDir",           ".stfolder",     "Thumbs.db",
                                   "thumbs.DB",        "desktop.ini",   "Desktop.ini",
                                   "~$fox.yaml",       "#fox.yaml#",    "fox.mp4.crdownload",
                                   "$RECYCLE.BIN",     "__MACOSX",      "fox.sync-conflict-20261124-101112-ABCDEFG.yaml",
                                   "fox.mp4.filepart", "lost+found"}) {
        INFO(name);
        CHECK(ignored(name));
    }
}

TEST_CASE("the daemon's own notes are told by their names; of those only two kinds are written in incoming/") {
    for (const auto* const name : {"fox.report.txt", "fox.report.json", "fox.waiting.txt", "fox.status.txt", "fox.again.yaml"}) {
        CHECK(is_note(name));
        CHECK_FALSE(ignored(name));
        CHECK(is_note_on_entry(name) == (std::string_view{name} == "fox.report.txt" || std::string_view{name} == "fox.waiting.txt"));
    }
}

TEST_CASE("drops and strangers are not ignored") {
    for (const auto* const name : {"fox", "fox.yaml", "fox.YML", "notes.txt", "tmp", "part", "a", "~", "Füchse", "#1", "report.txt"}) {
        INFO(name);
        CHECK_FALSE(ignored(name));
    }
}

TEST_CASE("a manifest is known by its name, in any case, and with what Notepad adds") {
    CHECK(manifest_in_folder("manifest.yaml") == ManifestName::yes);
    CHECK(manifest_in_folder("Manifest.YML") == ManifestName::yes);
    CHECK(manifest_in_folder("manifest.yaml.txt") == ManifestName::with_txt);
    CHECK(manifest_in_folder("fox.yaml") == ManifestName::no);
    CHECK(manifest_in_folder("manifest.json") == ManifestName::no);
    CHECK(manifest_in_folder("manifest") == ManifestName::no);
    CHECK(manifest_alone("fox.yaml") == ManifestName::yes);
    CHECK(manifest_alone("fox.yml.txt") == ManifestName::with_txt);
    CHECK(manifest_alone("fox.txt") == ManifestName::no);
    CHECK(manifest_alone(".yaml") == ManifestName::no);
}

TEST_CASE("a number goes before the extension, and a folder has none") {
    CHECK(numbered(parts_of("fox.yaml", false), 2) == "fox.2.yaml");
    CHECK(numbered(parts_of("fox.yaml.txt", false), 3) == "fox.3.yaml.txt");
    CHECK(numbered(parts_of("v1.5", true), 2) == "v1.5.2");
    CHECK(numbered(parts_of("holiday.jpg", false), 2) == "holiday.2.jpg");
    CHECK(numbered(parts_of("README", false), 2) == "README.2");
    CHECK(numbered(parts_of("fox.yaml", false), 1) == "fox.yaml");
}

TEST_CASE("no name becomes longer than a file system allows, and cut ones still differ") {
    std::string a, b;
    while (a.size() < 254) a += "ü";
    b = a.substr(0, 252) + "ö";
    const auto long_a = joined(a, ".report.txt"), long_b = joined(b, ".report.txt");
    CHECK(long_a.size() <= 255);
    CHECK(long_a.ends_with(".report.txt"));
    CHECK(long_a != long_b);
    CHECK(shown(long_a) == long_a);
    CHECK(joined(std::string(250, 'x'), ".yaml") == std::string(250, 'x') + ".yaml");
    const auto all_extension = numbered(parts_of("a." + std::string(253, 'x'), false), 12);
    CHECK(all_extension.size() <= 255);
    CHECK(all_extension.ends_with(".12"));
}

TEST_CASE("a hostile name cannot draw on a terminal or forge a line") {
    CHECK(shown("fox\n2026 error: all lost\x1b[2J") == "fox?2026 error: all lost?[2J");
    CHECK(shown("f\xc3\xbc"
                "chse \xe7\x8b\x90") == "füchse 狐");
    CHECK(shown("\xff\xfe") == "??");
    CHECK(shown("a\xe2\x80\xaeGNP") == "a?GNP");  // right-to-left override
}

TEST_CASE("a name that is no text is said to be so, and written so that it can be found") {
    CHECK_FALSE(no_text("fl\xC3\xBCgel.png").has_value());
    CHECK_FALSE(no_text("\xD9\x85\xDB\x8C\xE2\x80\x8C\xD8\xAE.png").has_value());  // a joiner, as Persian needs it
    CHECK(no_text("fl\xFCgel.png") == "is not UTF-8");
    CHECK(no_text("fox\n\xFC.png") == "is not UTF-8");
    CHECK(no_text("fox\x1b[2J.png") == "has a control character");
    CHECK(no_text("fox\xC2\x9B.png") == "has a control character");
    CHECK(escaped("fl\xFCgel \xC3\xBC\x1b.png") == "fl\\xFCgel \xC3\xBC\\x1B.png");
    CHECK(as_utf8("fl\xFCgel\x1b.png") == "fl?gel\x1b.png");
}
