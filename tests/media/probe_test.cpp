#include "media/probe.hpp"
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cstdlib>
#include "async/task_group.hpp"
#include "base/unique_fd.hpp"
#include "support/few_descriptors.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"

using namespace motionspool;
using namespace std::chrono_literals;
using domain::Format;
using test::TempFolder;

namespace {

UniqueFd opened(const std::string& path) {
    UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    REQUIRE(fd);
    return fd;
}

struct Bench {
    asio::io_context io;
    Tried<domain::MediaFacts> ask(media::Probe& probe, int fd) {
        Tried<domain::MediaFacts> answer = Problem{"none came"};
        const auto asking = [&]() -> asio::awaitable<void> { answer = co_await probe.probe(fd); };
        test::run(io, asking());
        return answer;
    }
    Tried<domain::MediaFacts> ask_about(const std::string& path) {
        const auto probe = media::make_probe(io.get_executor(), PROBE_PROGRAM);
        const auto fd = opened(path);
        return ask(*probe, fd.get());
    }
};

std::string data(const std::string& name) { return std::string{TESTS_DATA} + "/" + name; }

/// A helper that behaves as the script says.
std::filesystem::path script(const TempFolder& folder, const std::string& name, const std::string& text) {
    const auto path = folder / name;
    test::write_file(path, "#!/bin/sh\n" + text + "\n");
    REQUIRE(::chmod(path.c_str(), 0755) == 0);
    return path;
}

bool has_children() { return ::waitid(P_ALL, 0, nullptr, WEXITED | WNOHANG | WNOWAIT) == 0 || errno != ECHILD; }

constexpr const char* good_line = "echo 'format=png bytes=1 width=400 height=400 duration_ms=0 frame_rate=0 pictures=0 sounds=0 complete=1'";

}  // namespace

TEST_CASE("the probe tells format, size and length by content") {
    struct Row {
        const char* name;
        Format format;
        int width, height;
        std::chrono::milliseconds duration;
        bool complete;
        int frame_rate = 0, pictures = 0, sounds = 0;
    };
    const Row table[] = {{"good.jpg", Format::jpeg, 400, 480, 0ms, true},
                         {"good.png", Format::png, 400, 480, 0ms, true},
                         {"small.png", Format::png, 300, 300, 0ms, true},
                         {"tall.jpg", Format::jpeg, 320, 1200, 0ms, true},
                         {"clip.mp4", Format::mp4, 360, 360, 4s, true, 8000, 1},
                         {"clip-moov-last.mp4", Format::mp4, 360, 360, 4s, true, 8000, 1},
                         {"clip.mov", Format::quicktime, 360, 360, 4s, true, 8000, 1},
                         {"clip.mkv", Format::matroska, 360, 360, 4s, true, 8000, 1},
                         {"clip.webm", Format::webm, 360, 360, 3s, true, 4000, 1},
                         {"fragmented.mp4", Format::mp4, 360, 360, 4s, true, 8000, 1},
                         {"long.mp4", Format::mp4, 360, 480, 31s, true, 1000, 1},
                         {"short.mp4", Format::mp4, 360, 480, 2s, true, 4000, 1},
                         {"turned.mp4", Format::mp4, 480, 320, 3s, true, 4000, 1},
                         {"garbage.bin", Format::other, 0, 0, 0ms, true},
                         {"picture.gif", Format::other, 0, 0, 0ms, true},
                         {"cut.mp4", Format::mp4, 360, 360, 4s, false, 8000, 1},
                         {"cut-moov-missing.mp4", Format::mp4, 0, 0, 0ms, false},
                         {"cut.mkv", Format::matroska, 360, 360, 4s, false, 8000, 1},
                         {"several-streams.mp4", Format::mp4, 640, 360, 3s, true, 24'000, 2, 2}};
    Bench bench;
    for (const auto& row : table) {
        INFO(row.name);
        const auto facts = bench.ask_about(data(row.name));
        REQUIRE(facts.has_value());
        const domain::MediaFacts expected{
            row.format, std::filesystem::file_size(data(row.name)), row.width, row.height, row.duration, row.complete, row.frame_rate, row.pictures,
            row.sounds};
        CHECK(*facts == expected);
    }
}

TEST_CASE("a video that has its full size and is only partly written is incomplete, whatever part; one that ends in silence is whole") {
    const TempFolder folder;
    Bench bench;
    for (const std::string name : {"clip.mp4", "clip.mov", "clip-moov-last.mp4", "clip.mkv", "fragmented.mp4"}) {
        const auto whole = test::read_file(data(name));
        for (const std::size_t percent : {1U, 10U, 50U, 90U}) {
            INFO(name, " written to ", percent, " %");
            const auto written = whole.size() * percent / 100;
            test::write_file(folder / name, whole.substr(0, written) + std::string(whole.size() - written, '\0'));
            const auto facts = bench.ask_about((folder / name).string());
            REQUIRE(facts.has_value());
            CHECK_FALSE(facts->complete);
        }
    }
    auto middle = test::read_file(data("clip.mp4"));
    std::fill(middle.begin() + 10'000, middle.begin() + 20'000, '\0');
    test::write_file(folder / "middle.mp4", middle);
    CHECK_FALSE(bench.ask_about((folder / "middle.mp4").string())->complete);
    CHECK(bench.ask_about(data("silence.mov"))->complete);
}

TEST_CASE("cut images are incomplete, whatever could be read of them") {
    Bench bench;
    for (const auto* const name : {"cut.jpg", "cut.png"}) {
        const auto facts = bench.ask_about(data(name));
        REQUIRE(facts.has_value());
        CHECK_FALSE(facts->complete);
    }
}

TEST_CASE("the examples that ship are good inputs") {
    Bench bench;
    for (const auto* const name : {"fox.png", "bear.jpg"}) {
        const auto facts = bench.ask_about(std::string{EXAMPLES} + "/felt-animals/" + name);
        REQUIRE(facts.has_value());
        CHECK(domain::judge_image(*facts).errors.empty());
    }
    for (const auto* const name : {"wave.mp4", "jump.mp4"}) {
        const auto facts = bench.ask_about(std::string{EXAMPLES} + "/felt-animals/" + name);
        REQUIRE(facts.has_value());
        const auto verdict = domain::judge_motion(*facts, domain::Orientation::image);
        CHECK(verdict.errors.empty());
        CHECK(verdict.warnings.empty());
    }
}

TEST_CASE("what is no video inside is said so") {
    Bench bench;
    for (const auto* const name : {"broken.mp4", "sound-only.mp4"}) {
        INFO(name);
        const auto facts = bench.ask_about(data(name));
        REQUIRE_FALSE(facts.has_value());
        CHECK(facts.problem().text.starts_with("is not a readable media file; "));
    }
}

TEST_CASE("the position of the file is neither used nor moved") {
    Bench bench;
    const auto probe = media::make_probe(bench.io.get_executor(), PROBE_PROGRAM);
    const auto fd = opened(data("clip.mp4"));
    REQUIRE(::lseek(fd.get(), 1000, SEEK_SET) == 1000);
    CHECK(bench.ask(*probe, fd.get())->duration == 4s);
    CHECK(::lseek(fd.get(), 0, SEEK_CUR) == 1000);
}

TEST_CASE("the helper gets its file, its pipe, and nothing else of ours") {
    const TempFolder folder;
    Bench bench;
    const auto seen = folder / "seen";
    const auto program = script(
        folder, "helper",
        "{ ls -l /proc/$$/fd | awk '{print $9}' | sort -n | tr '\\n' ' '; /usr/bin/env | grep -vE '^(PWD|SHLVL|_)='; } > " + seen.string() + "\n" + good_line);
    const int leaked = ::fcntl(STDIN_FILENO, F_DUPFD, 77);  // without close-on-exec, as a careless library opens its files
    const auto probe = media::make_probe(bench.io.get_executor(), program);
    const auto fd = opened(data("clip.mp4"));
    CHECK(bench.ask(*probe, fd.get()).has_value());
    ::close(leaked);
    const auto text = test::read_file(seen);
    CHECK(text.find(" 0 1 2 ") != std::string::npos);
    CHECK(text.find(" " + std::to_string(leaked) + " ") == std::string::npos);
    CHECK(text.find('=') == std::string::npos);
}

TEST_CASE("the helper locks itself in: no file, socket or process is within its reach") {
    const std::string command = std::string{PROBE_PROGRAM} + " --self-test";
    CHECK(std::system(command.c_str()) == 0);
}

TEST_CASE("a helper that takes too long is ended, and the file is to blame") {
    const TempFolder folder;
    Bench bench;
    const auto probe = media::make_probe(bench.io.get_executor(), script(folder, "helper", "exec sleep 60"), 40ms);
    const auto fd = opened(data("clip.mp4"));
    const auto facts = bench.ask(*probe, fd.get());
    REQUIRE_FALSE(facts.has_value());
    CHECK(facts.problem().text == "is not a readable media file; looking at it took longer than 40 ms");
    CHECK_FALSE(facts.trouble());
    CHECK_FALSE(has_children());
}

TEST_CASE("a helper that crashes, fails, or says something else gives a problem and leaves nothing behind") {
    const TempFolder folder;
    Bench bench;
    const auto fd = opened(data("clip.mp4"));
    const std::string lines[] = {"kill -SEGV $$", std::string{good_line} + "; exit 3", "echo hello", "yes format=png", ""};
    for (const auto& line : lines) {
        INFO(line);
        const auto probe = media::make_probe(bench.io.get_executor(), script(folder, "helper", line));
        const auto facts = bench.ask(*probe, fd.get());
        REQUIRE_FALSE(facts.has_value());
        CHECK(facts.problem().text == "is not a readable media file; the program that looked at it broke off");
        CHECK_FALSE(has_children());
    }
}

TEST_CASE("a helper that does not start, or not without its libraries, is the server's trouble and not the file's fault") {
    const TempFolder folder;
    Bench bench;
    const auto fd = opened(data("clip.mp4"));
    for (const auto& program : {std::filesystem::path{"/nowhere/motionspool-probe"}, script(folder, "helper", "exit 127")}) {
        const auto probe = media::make_probe(bench.io.get_executor(), program);
        const auto facts = bench.ask(*probe, fd.get());
        REQUIRE_FALSE(facts.has_value());
        CHECK(facts.trouble());
        CHECK(facts.problem().text.find(program.string() + " did not start") != std::string::npos);
    }
}

TEST_CASE("without a descriptor left nothing is said of the file; with some again it is looked at") {
    Bench bench;
    const auto probe = media::make_probe(bench.io.get_executor(), PROBE_PROGRAM);
    const auto fd = opened(data("clip.mp4"));
    REQUIRE(bench.ask(*probe, fd.get()).has_value());  // the loop has its own descriptors now
    {
        const test::FewDescriptors few;
        const auto facts = bench.ask(*probe, fd.get());
        REQUIRE_FALSE(facts.has_value());
        CHECK(facts.trouble());
    }
    CHECK(bench.ask(*probe, fd.get()).has_value());
}

TEST_CASE("at most two helpers run at once, and everyone gets an answer") {
    const TempFolder folder;
    Bench bench;
    const auto running = folder.path().string() + "/running";
    const auto program = script(
        folder, "helper",
        "mkdir " + running + ".$$; ls -d " + running + ".* | wc -l >> " + (folder / "log").string() + "; sleep 0.02; rmdir " + running + ".$$; " + good_line);
    const auto probe = media::make_probe(bench.io.get_executor(), program);
    const auto fd = opened(data("clip.mp4"));
    int answers = 0;
    const auto ask = [&]() -> asio::awaitable<void> {
        const auto facts = co_await probe->probe(fd.get());
        answers += facts.has_value() ? 1 : 0;
    };
    TaskGroup group{bench.io.get_executor()};
    for (int i = 0; i < 6; ++i) group.spawn(ask());
    test::run(bench.io, group.join());
    CHECK(answers == 6);
    const auto log = test::read_file(folder / "log");
    CHECK(log.find_first_not_of("12 \n") == std::string::npos);
    CHECK(log.find('2') != std::string::npos);
}

TEST_CASE("cancelled probes end their helpers, those waiting for a place as well") {
    const TempFolder folder;
    Bench bench;
    {
        const auto probe = media::make_probe(bench.io.get_executor(), script(folder, "helper", "exec sleep 60"));
        const auto fd = opened(data("clip.mp4"));
        TaskGroup group{bench.io.get_executor()};
        const auto ask = [&]() -> asio::awaitable<void> {
            const auto facts = co_await probe->probe(fd.get());
            CHECK_FALSE(facts.has_value());
        };
        for (int i = 0; i < 4; ++i) group.spawn(ask());
        const auto stop = [&]() -> asio::awaitable<void> {
            asio::steady_timer pause{bench.io, 20ms};
            co_await pause.async_wait(asio::use_awaitable);
            group.cancel();
            co_await group.join();
        };
        CHECK_THROWS_AS(test::run(bench.io, stop()), boost::system::system_error);
    }
    int left = 0;
    for (; has_children() && left < 200; ++left) {
        while (::waitpid(-1, nullptr, WNOHANG) > 0) {}
        ::usleep(1000);
    }
    CHECK(left < 200);
}

TEST_CASE("the helper is found where the environment says, and a wrong place is named") {
    ::setenv("MOTIONSPOOL_PROBE", PROBE_PROGRAM, 1);
    CHECK(media::find_probe_program().value() == PROBE_PROGRAM);
    ::setenv("MOTIONSPOOL_PROBE", "/nowhere/probe", 1);
    CHECK(media::find_probe_program().problem().text.find("/nowhere/probe") != std::string::npos);
    ::unsetenv("MOTIONSPOOL_PROBE");
}

TEST_CASE("the helper is found beside a program or in an installation's libexec") {
    const auto found = media::find_probe_program();
    const auto beside = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "motionspool-probe";
    if (std::filesystem::exists(beside))
        CHECK(found.value() == beside);
    else
        CHECK(found.problem().text.find("libexec/motionspool/motionspool-probe") != std::string::npos);
}
