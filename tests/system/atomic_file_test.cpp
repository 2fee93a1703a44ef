#include "system/atomic_file.hpp"
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <csignal>
#include <functional>
#include "support/temp_folder.hpp"

namespace motionspool::system {
namespace {

std::size_t entries(const test::TempFolder& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{folder.path()}) ++count;
    return count;
}

mode_t mode_of(const std::filesystem::path& path) {
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 07777;
}

/// Does something while no file of this process may grow beyond `bytes`.
Done with_file_limit(rlim_t bytes, const std::function<Done()>& something) {
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    Done outcome = something();
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, old_handler);
    return outcome;
}

TEST_CASE("a file is made, then replaced, and nothing else stays in the folder") {
    const test::TempFolder folder;
    CHECK(write_file_atomically(folder / "STATUS.txt", "first").has_value());
    CHECK(test::read_file(folder / "STATUS.txt") == "first");
    CHECK(write_file_atomically(folder / "STATUS.txt", "2").has_value());
    CHECK(test::read_file(folder / "STATUS.txt") == "2");
    CHECK(entries(folder) == 1);
}

TEST_CASE("who has the old file open goes on reading the old content") {
    const test::TempFolder folder;
    test::write_file(folder / "f", "old");
    std::ifstream reader{folder / "f"};
    CHECK(write_file_atomically(folder / "f", "new").has_value());
    std::string seen;
    reader >> seen;
    CHECK(seen == "old");
}

TEST_CASE("the mode is the one asked for, whatever the umask") {
    const test::TempFolder folder;
    const mode_t before = ::umask(0077);
    CHECK(write_file_atomically(folder / "default", "x").has_value());
    CHECK(write_file_atomically(folder / "public", "x", 0664).has_value());
    ::umask(before);
    CHECK(mode_of(folder / "default") == 0640);
    CHECK(mode_of(folder / "public") == 0664);
}

TEST_CASE("an empty file and one of a megabyte arrive whole") {
    const test::TempFolder folder;
    const std::string large(1'000'000, 'x');
    CHECK(write_file_atomically(folder / "empty", "").has_value());
    CHECK(write_file_atomically(folder / "large", large).has_value());
    CHECK(test::read_file(folder / "empty").empty());
    CHECK(test::read_file(folder / "large") == large);
}

TEST_CASE("what a crash left of an earlier attempt is replaced") {
    const test::TempFolder folder;
    test::write_file(folder / ".f.tmp", "half of someth");
    CHECK(write_file_atomically(folder / "f", "whole").has_value());
    CHECK(test::read_file(folder / "f") == "whole");
    CHECK(entries(folder) == 1);
}

TEST_CASE("a symbolic link laid in the temporary file's place is not written through") {
    const test::TempFolder folder;
    test::write_file(folder / "victim", "precious");
    std::filesystem::create_symlink(folder / "victim", folder / ".f.tmp");
    CHECK(write_file_atomically(folder / "f", "new").has_value());
    CHECK(test::read_file(folder / "victim") == "precious");
}

TEST_CASE("a failure names the file, leaves the old one and no new one") {
    const test::TempFolder folder;
    std::filesystem::create_directory(folder / "taken");
    const auto outcome = write_file_atomically(folder / "taken", "x");
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.problem().text == "cannot write " + (folder / "taken").string() + ": Is a directory");
    CHECK(std::filesystem::is_directory(folder / "taken"));
    CHECK(entries(folder) == 1);
    CHECK(write_file_atomically("/nonexistent/f", "x").problem().text == "cannot write /nonexistent/f: No such file or directory");
}

TEST_CASE("a disk that takes only half of it is told, and the old file stays") {
    const test::TempFolder folder;
    test::write_file(folder / "f", "old");
    const auto outcome = with_file_limit(1000, [&] { return write_file_atomically(folder / "f", std::string(5000, 'x')); });
    REQUIRE_FALSE(outcome.has_value());
    CHECK(outcome.problem().text.find("File too large") != std::string::npos);
    CHECK(test::read_file(folder / "f") == "old");
    CHECK(entries(folder) == 1);
}

TEST_CASE("a folder that is not there cannot be synced, and the problem says which") {
    const test::TempFolder folder;
    CHECK(sync_folder(folder.path()).has_value());
    CHECK(sync_folder(folder / "none").problem().text == "cannot fsync the folder " + (folder / "none").string() + ": No such file or directory");
}

}  // namespace
}  // namespace motionspool::system
