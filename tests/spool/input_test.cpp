#include "spool/input.hpp"
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include "place_for_tests.hpp"
#include "spool/beneath.hpp"
#include "spool/matching.hpp"

using namespace motionspool;
using namespace motionspool::test;
using spool::InputOutcome;
using spool::OpenedInput;
using spool::Refusal;
using Why = spool::Refusal::Why;

namespace {

struct Drop {
    TempFolder folder;
    fs::path root = folder / "drop";
    UniqueFd fd = [this] {
        fs::create_directory(root);
        return folder_fd(root);
    }();
    [[nodiscard]] InputOutcome open(std::string_view path) const { return spool::open_input(fd.get(), path); }
};

std::string content(const InputOutcome& outcome) {
    const auto* const opened = std::get_if<OpenedInput>(&outcome);
    if (opened == nullptr) return "refused: " + std::get<Refusal>(outcome).text;
    return spool::read_all(opened->fd.get(), 1'000'000).value();
}

Why why(const InputOutcome& outcome) {
    const auto* const refusal = std::get_if<Refusal>(&outcome);
    REQUIRE(refusal != nullptr);
    CHECK_FALSE(refusal->text.empty());
    return refusal->why;
}

/// Exchanges two names as fast as it can, in a process of its own.
class Swapper {
public:
    Swapper(const std::string& a, const std::string& b)
        : swaps_{static_cast<std::atomic<long>*>(::mmap(nullptr, sizeof(std::atomic<long>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))},
          pid_{::fork()} {
        if (pid_ != 0) return;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
        for (;;) {
            if (::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0) ++*swaps_;
        }
    }
    Swapper(const Swapper&) = delete;
    Swapper& operator=(const Swapper&) = delete;
    ~Swapper() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ::munmap(swaps_, sizeof *swaps_);
    }
    [[nodiscard]] long swaps() const { return *swaps_; }

private:
    std::atomic<long>* swaps_;  ///< in memory that both processes see
    pid_t pid_;
};

/// $MOTIONSPOOL_SWAPS: how often what is read is swapped for something else while it is opened.
long swaps_wanted() {
    const char* const wanted = std::getenv("MOTIONSPOOL_SWAPS");
    return wanted == nullptr ? 2'000 : std::atol(wanted);
}

const std::string composed =
                      "f\xc3\xbc"
                      "chse",
                  decomposed =
                      "fu\xcc\x88"
                      "chse";

}  // namespace

TEST_CASE("a file is opened by the path as written, with its size") {
    const Drop drop;
    put(drop.root / "cast/fox.png", "fox");
    for (const auto* const path : {"cast/fox.png", "./cast//fox.png", "cast/../cast/fox.png"}) {
        const auto outcome = drop.open(path);
        REQUIRE(content(outcome) == "fox");
        CHECK(std::get<OpenedInput>(outcome).path == "cast/fox.png");
        CHECK(std::get<OpenedInput>(outcome).size == 3);
        CHECK(std::get<OpenedInput>(outcome).warning.empty());
    }
}

TEST_CASE("paths that leave the folder are refused, however they are written") {
    const Drop drop;
    put(drop.folder / "secret", "secret");
    fs::create_directory(drop.root / "cast");
    fs::create_symlink("../secret", drop.root / "link");
    fs::create_symlink(drop.folder / "secret", drop.root / "absolute");
    fs::create_symlink("..", drop.root / "up");
    fs::create_symlink("/", drop.root / "cast/root");
    fs::create_symlink("/proc/self/root", drop.root / "magic");
    for (const auto* const path : {"../secret", "..", "cast/../../secret", "./../secret", "link", "absolute", "up/secret", "cast/root/etc/passwd",
                                   "magic/etc/passwd", "/etc/passwd", "//etc/passwd"}) {
        INFO(path);
        CHECK(why(drop.open(path)) == Why::outside);
    }
}

TEST_CASE("a symbolic link that stays inside is fine") {
    const Drop drop;
    put(drop.root / "media/fox.png", "fox");
    fs::create_symlink("media", drop.root / "cast");
    fs::create_symlink("../media/fox.png", drop.root / "media/other.png");
    CHECK(content(drop.open("cast/fox.png")) == "fox");
    CHECK(content(drop.open("media/other.png")) == "fox");
}

TEST_CASE("a link to nowhere is missing, a ring of links is not followed") {
    const Drop drop;
    fs::create_symlink("later.png", drop.root / "fox.png");
    CHECK(why(drop.open("fox.png")) == Why::missing);
    fs::create_symlink("b", drop.root / "a");
    fs::create_symlink("a", drop.root / "b");
    CHECK(why(drop.open("a")) == Why::outside);
}

TEST_CASE("what is no regular file is refused at once: folders, FIFOs, sockets") {
    const Drop drop;
    fs::create_directory(drop.root / "cast");
    REQUIRE(::mkfifo((drop.root / "pipe").c_str(), 0600) == 0);
    const UniqueFd listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    (drop.root / "socket").string().copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    for (const auto* const path : {"cast", "pipe", "socket", ".", "cast/", ""}) {
        INFO(path);
        CHECK(why(drop.open(path)) == Why::not_a_file);
    }
}

TEST_CASE("hostile names do no harm") {
    const Drop drop;
    const std::string nul{"fox.png\0.txt", 12};
    CHECK(why(drop.open(nul)) == Why::not_a_file);
    CHECK(why(drop.open(std::string(300, 'x'))) == Why::unreadable);
    CHECK(why(drop.open("\xff\xfe")) == Why::missing);
    for (const std::string name : {"a b", "-rf", "fox\n.png", "$(reboot)", "*.png", "%s%n", "狐.png", "\xff.png", "c:fox", "fox.png "}) {
        put(drop.root / name, name);
        CHECK(content(drop.open(name)) == name);
    }
}

TEST_CASE("a missing file may still come, and a near name is suggested") {
    const Drop drop;
    put(drop.root / "cast/fox.png");
    CHECK(why(drop.open("owl.png")) == Why::missing);
    CHECK(why(drop.open("cast/fox.png/inner")) == Why::missing);
    CHECK(std::get<Refusal>(drop.open("cast/fx.png")).text == "is not there; expected a file of that name; did you mean \"fox.png\"?");
    CHECK(std::get<Refusal>(drop.open("cast\\fox.png")).text.find("folders are separated by \"/\"") != std::string::npos);
}

TEST_CASE("names match exactly, else by NFC, else without regard to case if that is unique") {
    using How = spool::Match::How;
    const auto find = [](std::vector<std::string> names, std::string_view written) { return spool::Listing{std::move(names)}.find(written); };
    CHECK(find({"Fox.png", "fox.png"}, "fox.png").how == How::exactly);
    CHECK(find({decomposed, "x"}, composed).how == How::by_nfc);
    CHECK(find({composed, decomposed}, decomposed).name == decomposed);
    CHECK(find({"FOX.PNG"}, "fox.png").how == How::by_case);
    CHECK(find({"FOX.PNG", "Fox.png"}, "fox.png").how == How::several);
    CHECK(find({"F\xc3\x9c"
                "CHSE"},
               decomposed)
              .how == How::by_case);
    CHECK(find({"fox"}, "owl").how == How::not_at_all);
}

TEST_CASE("a folder is read once for many names that are not there, and guesses end when they become dear") {
    const Drop drop;
    for (int i = 0; i < 300; i++) put(drop.root / ("picture-" + std::to_string(1000 + i) + ".png"));
    spool::Listings listings;
    const auto fd = folder_fd(drop.root);
    const auto ask = [&](int i) { return spool::open_input(fd.get(), "picture-" + std::to_string(1000 + i) + ".pngs", listings); };
    CHECK(std::get<Refusal>(ask(0)).text.find("did you mean \"picture-1000.png\"?") != std::string::npos);
    for (int i = 1; i < 299; i++) (void)ask(i);
    CHECK(std::get<Refusal>(ask(299)).text == "is not there; expected a file of that name");
    put(drop.root / "late.PNG");
    CHECK(why(spool::open_input(fd.get(), "late.png", listings)) == Why::missing);
    CHECK(std::holds_alternative<spool::OpenedInput>(drop.open("late.png")));
}

TEST_CASE("a path written in another normal form is found silently, one in another case with a warning") {
    const Drop drop;
    put(drop.root / decomposed / "a.png", "a");
    const auto nfc = drop.open(composed + "/a.png");
    CHECK(content(nfc) == "a");
    CHECK(std::get<OpenedInput>(nfc).path == decomposed + "/a.png");
    CHECK(std::get<OpenedInput>(nfc).warning.empty());
    put(drop.root / "Cast/Fox.PNG", "fox");
    const auto cased = drop.open("cast/fox.png");
    CHECK(content(cased) == "fox");
    CHECK(std::get<OpenedInput>(cased).path == "Cast/Fox.PNG");
    CHECK(std::get<OpenedInput>(cased).warning == "is called \"Cast/Fox.PNG\" on disk, and was taken as that; write it the same way");
    put(drop.root / "Cast/FOX.png", "other");
    CHECK(why(drop.open("cast/fox.png")) == Why::ambiguous);
    CHECK(content(drop.open("Cast/FOX.png")) == "other");
}

TEST_CASE("a file of another user that may not be read is said so") {
    if (::geteuid() != 0) return;
    const Drop drop;
    fs::permissions(drop.folder.path(), fs::perms::all);
    put(drop.root / "fox.png");
    fs::permissions(drop.root / "fox.png", fs::perms::owner_read);
    const int verdict = as_another_user([&] {
        const auto outcome = drop.open("fox.png");
        const auto* const refusal = std::get_if<Refusal>(&outcome);
        return refusal != nullptr && refusal->why == Why::unreadable ? 0 : 1;
    });
    CHECK(verdict == 0);
}

TEST_CASE("whatever is swapped while we open, nothing outside is ever opened") {
    const Drop drop;
    put(drop.folder / "secret/fox.png", "secret");
    put(drop.root / "cast/fox.png", "fox");
    fs::create_directory_symlink(drop.folder / "secret", drop.root / "trap");
    const Swapper swapper{(drop.root / "cast").string(), (drop.root / "trap").string()};
    int opened = 0, refused = 0, leaked = 0;
    for (int i = 0; i < 3000 || swapper.swaps() < swaps_wanted() || ((opened == 0 || refused == 0) && i < 1'000'000); ++i) {
        const auto got = content(drop.open("cast/fox.png"));
        if (got == "fox")
            ++opened;
        else if (got == "secret")
            ++leaked;
        else
            ++refused;
        auto walked = spool::open_beneath_by_walking(drop.fd.get(), "cast/fox.png", O_RDONLY);
        if (walked.fd && spool::read_all(walked.fd.get(), 100).value() != "fox") ++leaked;
    }
    CHECK(leaked == 0);
    CHECK(opened > 0);
    CHECK(refused > 0);
    MESSAGE(swapper.swaps() << " swaps: " << opened << " opened, " << refused << " refused, " << leaked << " leaked");
}

TEST_CASE("the way for old kernels refuses every link and every way out") {
    const Drop drop;
    put(drop.root / "cast/fox.png", "fox");
    put(drop.folder / "secret", "secret");
    fs::create_symlink("cast", drop.root / "inside");
    fs::create_symlink("../secret", drop.root / "link");
    const auto error = [&](const std::string& path) { return spool::open_beneath_by_walking(drop.fd.get(), path, O_RDONLY).error; };
    CHECK(error("cast/fox.png") == 0);
    CHECK(error("inside/fox.png") == ELOOP);
    CHECK(error("link") == ELOOP);
    CHECK(error("../secret") == EXDEV);
    CHECK(error("cast/../../secret") == EXDEV);
    CHECK(error("/etc/passwd") == EXDEV);
    CHECK(error("cast/owl.png") == ENOENT);
    CHECK(error("cast/fox.png/x") == ENOTDIR);
}
