#include "spool/layout.hpp"
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cstddef>
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

namespace {

/// Refuses what RestrictSUIDSGID= of systemd does: fchmod and mkdirat with the setgid bit.
bool refuse_setgid() {
    const auto refuse = [](unsigned number, unsigned argument) {
        return std::vector<sock_filter>{BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 3),
                                        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<unsigned>(offsetof(seccomp_data, args) + argument * 8)),
                                        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, S_ISGID, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)};
    };
    auto filter = refuse(__NR_fchmod, 1);
    const auto more = refuse(__NR_mkdirat, 2);
    filter.insert(filter.end(), more.begin(), more.end());
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

mode_t mode_of(const fs::path& path) {
    struct stat facts {};
    return ::stat(path.c_str(), &facts) == 0 ? facts.st_mode & 07777 : 0;
}

}  // namespace

TEST_CASE("where the setgid bit may not be given, a spool's folders inherit it, and can be made without it") {
    const TempFolder folder;
    for (const auto* name : {"setgid", "plain"}) fs::create_directory(folder / name);
    REQUIRE(::chmod((folder / "setgid").c_str(), 02750) == 0);
    const auto child = ::fork();
    if (child == 0) {
        bool good = refuse_setgid();
        for (const auto* name : {"setgid", "plain"}) good = good && spool::open_layout(folder / name).has_value();
        ::_exit(good ? 0 : 1);
    }
    int status = -1;
    REQUIRE(::waitpid(child, &status, 0) == child);
    CHECK(status == 0);
    CHECK(mode_of(folder / "setgid/incoming") == 02770);
    CHECK(mode_of(folder / "setgid/.taking") == 02700);
    CHECK(mode_of(folder / "plain/incoming") == 0770);
}
