#include "spool/layout.hpp"
#include "place_for_tests.hpp"

using namespace motionspool;
using namespace motionspool::test;

TEST_CASE("a spool gets its folders, for the group to work in") {
    const TempSpool spool;
    CHECK(listing(spool.layout.directory) == std::vector<std::string>{".taking", "accepted", "finished", "incoming", "rejected"});
    struct stat facts {};
    REQUIRE(::stat((spool / "incoming").c_str(), &facts) == 0);
    CHECK((facts.st_mode & 07777) == 02770);
    CHECK(spool::open_layout(spool.layout.directory).has_value());
}

TEST_CASE("a spool that cannot be is said so") {
    const TempFolder folder;
    CHECK(spool::open_layout(folder / "no/such").problem().text.find("spool.directory") != std::string::npos);
    put(folder / "spool/incoming", "a file");
    CHECK_FALSE(spool::open_layout(folder / "spool").has_value());
}

TEST_CASE("folders on different file systems are refused") {
    const TempFolder folder;
    struct stat here {
    }, there{};
    if (::stat(folder.path().c_str(), &here) != 0 || ::stat("/dev/shm", &there) != 0 || here.st_dev == there.st_dev) return;
    fs::create_directory(folder / "spool");
    fs::create_directory_symlink("/dev/shm", folder / "spool/finished");
    const auto layout = spool::open_layout(folder / "spool");
    REQUIRE_FALSE(layout.has_value());
    CHECK(layout.problem().text.find("finished is on another file system than") != std::string::npos);
}

TEST_CASE("a folder that was replaced under its path is noticed") {
    const TempSpool spool;
    CHECK_FALSE(spool::stale(spool.layout));
    fs::rename(spool / "incoming", spool / "elsewhere");
    CHECK(spool::stale(spool.layout));
    fs::create_directory(spool / "incoming");
    CHECK(spool::stale(spool.layout));
}

TEST_CASE("no descriptor of the spool is inherited by children") {
    const TempSpool spool;
    for (const int fd : {spool.layout.root.get(), spool.layout.incoming.get(), spool.layout.taking.get()}) CHECK((::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0);
}
