#include "spool/scan.hpp"
#include "place_for_tests.hpp"

using namespace motionspool;
using namespace motionspool::test;
using spool::EntryKind;

namespace {
spool::Fingerprint print_of(const fs::path& incoming, const std::string& name) {
    const auto fd = folder_fd(incoming);
    for (const auto& entry : scan_all(fd.get()))
        if (entry.name == name) return entry.print;
    FAIL("no entry ", name);
    return {};
}
}  // namespace

TEST_CASE("a scan tells drops from strangers and passes over droppings") {
    const TempFolder folder;
    put(folder / "fox/manifest.yaml");
    put(folder / "bear.yaml");
    put(folder / "holiday.jpg");
    put(folder / ".hidden");
    put(folder / "@eaDir/x");
    put(folder / "holiday.report.txt");
    put(folder / "holiday.waiting.txt");
    put(folder / "wolf.again.yaml");
    put(folder / "owl.report.txt/manifest.yaml");
    fs::create_symlink("/etc", folder / "etc");
    fs::create_symlink("/etc/hostname", folder / "link.yaml");
    REQUIRE(::mkfifo((folder / "pipe.yaml").c_str(), 0600) == 0);
    const auto fd = folder_fd(folder.path());
    std::vector<std::pair<std::string, EntryKind>> seen;
    for (const auto& entry : scan_all(fd.get())) seen.emplace_back(entry.name, entry.kind);
    const std::vector<std::pair<std::string, EntryKind>> expected{{"bear.yaml", EntryKind::manifest}, {"etc", EntryKind::stranger},
                                                                  {"fox", EntryKind::folder},         {"holiday.jpg", EntryKind::stranger},
                                                                  {"link.yaml", EntryKind::stranger}, {"owl.report.txt", EntryKind::folder},
                                                                  {"pipe.yaml", EntryKind::stranger}, {"wolf.again.yaml", EntryKind::manifest}};
    CHECK(seen == expected);
}

TEST_CASE("nothing changed means the same fingerprint, any change another") {
    const TempFolder folder;
    put(folder / "fox/manifest.yaml", "version: 1");
    put(folder / "fox/cast/a.png", "aaaa");
    put(folder / "fox/cast/b.png", "bbbb");
    const auto print = [&] { return print_of(folder.path(), "fox"); };
    auto before = print();
    CHECK(print() == before);
    CHECK(before.bytes == 18);
    CHECK(before.files == 5);
    const auto changed = [&](const char* what) {
        const auto now = print();
        INFO(what);
        CHECK(now != before);
        before = now;
    };
    write_file(folder / "fox/cast/a.png", "aaaaaa");
    changed("a file grew");
    fs::last_write_time(folder / "fox/cast/b.png", fs::file_time_type::clock::now() + std::chrono::nanoseconds{1});
    changed("a nanosecond");
    fs::rename(folder / "fox/cast/b.png", folder / "fox/cast/c.png");
    changed("a name");
    put(folder / "fox/cast/deep/d.png");
    changed("a new file in a new folder");
    fs::copy_file(folder / "fox/cast/c.png", folder / "fox/.tmp");
    fs::rename(folder / "fox/.tmp", folder / "fox/cast/c.png");
    changed("another file under the same name");
    fs::remove(folder / "fox/cast/c.png");
    changed("one less");
}

TEST_CASE("a folder removed and dropped anew is another one") {
    const TempFolder folder;
    const auto stamp = fs::file_time_type::clock::now();
    const auto drop = [&] {
        put(folder / "fox/manifest.yaml", "version: 1");
        fs::last_write_time(folder / "fox/manifest.yaml", stamp);
        fs::last_write_time(folder / "fox", stamp);
        return print_of(folder.path(), "fox");
    };
    const auto first = drop();
    fs::rename(folder / "fox", folder / ".old");
    CHECK(drop() != first);
}

TEST_CASE("a scan goes on where its slice ended, and finds the same") {
    const TempFolder folder;
    for (int i = 0; i < 30; ++i) put(folder / ("drop" + std::to_string(i)) / "cast" / "a.png", std::to_string(i));
    const auto fd = folder_fd(folder.path());
    const auto whole = scan_all(fd.get());
    spool::Scan sliced{fd.get()};
    int slices = 1;
    while (!sliced.step(always)) ++slices;
    CHECK(slices > 90);
    REQUIRE(sliced.entries().size() == whole.size());
    for (std::size_t i = 0; i < whole.size(); ++i) CHECK(sliced.entries()[i].print == whole[i].print);
}

TEST_CASE("what cannot be read is said, and links out of a drop are not walked") {
    const TempFolder folder;
    fs::path deep = folder / "deep";
    for (int i = 0; i < 40; ++i) deep /= "x";
    fs::create_directories(deep);
    put(folder / "fox/manifest.yaml");
    fs::create_directory_symlink("/", folder / "fox/root");
    const auto fd = folder_fd(folder.path());
    const auto entries = scan_all(fd.get());
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].trouble.find("nested more than 32 folders deep") != std::string::npos);
    CHECK(entries[1].trouble.empty());
    CHECK(entries[1].print.files == 3);
}

TEST_CASE("a folder of another user that may not be listed is trouble, not the end of the scan") {
    if (::geteuid() != 0) return;
    const TempFolder folder;
    fs::permissions(folder.path(), fs::perms::all);
    put(folder / "fox/manifest.yaml");
    put(folder / "secret/manifest.yaml");
    fs::permissions(folder / "secret", fs::perms::owner_all);
    const int verdict = as_another_user([&] {
        const auto fd = spool::open_folder(AT_FDCWD, folder.path().string());
        spool::Scan scan{fd.get()};
        if (!scan.step(never) || scan.entries().size() != 2) return 1;
        return scan.entries()[0].trouble.empty() && scan.entries()[1].trouble == "cannot read the folder secret: Permission denied" ? 0 : 2;
    });
    CHECK(verdict == 0);
}

TEST_CASE("two entries of one stem get notes of their own") {
    const TempFolder folder;
    put(folder / "fox/manifest.yaml");
    put(folder / "fox.yaml");
    put(folder / "fox.png");
    put(folder / "owl.png");
    const auto fd = folder_fd(folder.path());
    std::vector<std::string> stems;
    for (const auto& entry : scan_all(fd.get())) stems.push_back(entry.name + ":" + entry.note_stem);
    CHECK(stems == std::vector<std::string>{"fox:fox", "fox.png:fox.png", "fox.yaml:fox.yaml", "owl.png:owl"});
}
