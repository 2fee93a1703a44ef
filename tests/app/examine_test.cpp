#include "app/examine.hpp"
#include <doctest/doctest.h>
#include <fcntl.h>
#include <algorithm>
#include <filesystem>
#include "spool/files.hpp"
#include "support/fake_probe.hpp"
#include "support/few_descriptors.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::test {
namespace {
namespace fs = std::filesystem;

constexpr const char* manifest = "version: 1\njobs:\n  - {id: fox, image: fox.png, motion: wave.mp4}\n";

/// A drop of two files, looked at as intake does.
struct Drop {
    asio::io_context io;
    TempFolder folder;
    FakeProbe probe;
    app::Examiner examiner{io.get_executor(), probe, {}};

    Drop() {
        write_file(folder / "fox.png", "image of a fox");
        write_file(folder / "wave.mp4", "motion: a wave");
    }
    [[nodiscard]] spool::Place place() const { return spool::Place::folder(spool::open_folder(AT_FDCWD, folder.path().string())); }
    app::Examination examine(const std::string& text = manifest) {
        const auto here = place();
        app::Examination e;
        const auto looking = [&]() -> asio::awaitable<void> { e = co_await examiner.examine(here, "manifest.yaml", text, false, nullptr); };
        run(io, looking());
        return e;
    }
    std::string hash(app::Examination& e) {
        const auto here = place();
        std::optional<std::string> trouble;
        const auto hashing = [&]() -> asio::awaitable<void> { trouble = co_await examiner.hash(here, e); };
        run(io, hashing());
        return trouble.value_or("");
    }
};

}  // namespace

TEST_CASE("what is recorded of a file is the hash of the bytes that were looked at; a file changed since is said so") {
    Drop untouched;
    auto e = untouched.examine();
    REQUIRE(e.acceptable());
    CHECK(untouched.hash(e).empty());
    CHECK(e.inputs.front().sha256.size() == 64);
    for (const std::string how : {"written to", "replaced", "longer", "gone"}) {
        CAPTURE(how);
        Drop drop;
        auto seen = drop.examine();
        const auto path = drop.folder / "wave.mp4";
        if (how == "written to") write_file(path, "motion: b wave");
        if (how == "longer") write_file(path, "motion: a wave and more");
        if (how == "replaced") fs::rename(path, drop.folder / "old"), write_file(path, "motion: a wave");
        if (how == "gone") fs::remove(path);
        CHECK(drop.hash(seen).starts_with(how == "gone" ? "wave.mp4 is gone" : "wave.mp4 was written to or replaced while it was taken; drop it again"));
    }
}

TEST_CASE("what this server cannot look at is no error of the drop, whether the helper cannot run, or a file cannot be opened or hashed") {
    Drop drop;
    drop.probe.trouble = "could not be looked at: the helper did not start";
    const auto partial = std::string{manifest} + "partial: true\n";
    for (const std::string& text : {std::string{manifest}, partial}) {
        const auto e = drop.examine(text);
        CHECK(e.trouble.find("\" could not be looked at: the helper did not start") != std::string::npos);
        CHECK_FALSE(e.acceptable());
    }
    drop.probe.trouble.clear();
    auto e = drop.examine();
    REQUIRE(e.acceptable());
    {
        const auto here = drop.place();
        const FewDescriptors few;
        std::optional<std::string> said;
        const auto hashing = [&]() -> asio::awaitable<void> { said = co_await drop.examiner.hash(here, e); };
        run(drop.io, hashing());
        CHECK(said.value_or("").find("Too many open files") != std::string::npos);
    }
    CHECK(e.trouble == "\"fox.png\" cannot be read: Too many open files");
    CHECK_FALSE(e.acceptable());
}

TEST_CASE("what only bad jobs name is not read whole") {
    Drop drop;
    write_file(drop.folder / "film.mov", "no motion");
    auto e =
        drop.examine("version: 1\npartial: true\njobs:\n  - {id: good, image: fox.png, motion: wave.mp4}\n  - {id: bad, image: fox.png, motion: film.mov}\n");
    REQUIRE(e.acceptable());
    CHECK(drop.hash(e).empty());
    REQUIRE(e.inputs.size() == 3);
    for (const auto& input : e.inputs) CHECK(input.sha256.empty() == (input.source == "film.mov"));
}

TEST_CASE("a pattern without a match is told beside whatever else is wrong") {
    Drop drop;
    for (const auto* wrong : {"priorty: 3\n", "jobs:\n  - {image: fox.png, motion: wave.mp4, mode: 4k}\n"}) {
        const auto e = drop.examine(std::string{"version: 1\n"} + wrong + "matrix: {image: ['*.gif'], motion: [wave.mp4]}\n");
        REQUIRE(e.complaints.size() == 2);
        const auto told = std::ranges::count_if(e.complaints, [](const Complaint& one) { return one.text.starts_with("\"*.gif\" matches no file"); });
        CHECK(told == 1);
    }
}

TEST_CASE("a pattern among the jobs is told where it would work") {
    Drop drop;
    const auto e = drop.examine("version: 1\njobs:\n  - {image: '*.png', motion: wave.mp4}\n");
    REQUIRE(e.complaints.size() == 1);
    CHECK(e.complaints[0].text == "\"*.png\" is not there; expected a file of that name; patterns work in `matrix` only");
}

TEST_CASE("a file is looked at once for as long as it stays the same") {
    Drop drop;
    (void)drop.examine();
    (void)drop.examine();
    CHECK(drop.probe.probed == 2);
    write_file(drop.folder / "wave.mp4", "motion: b wave");
    (void)drop.examine();
    CHECK(drop.probe.probed == 3);
}

TEST_CASE("without servers to ask, URLs are judged by their address alone") {
    Drop drop;
    const auto with = [&](const std::string& image) {
        return drop.examine("version: 1\njobs:\n  - {id: fox, image: \"" + image + "\", motion: wave.mp4}\n").acceptable();
    };
    CHECK(with("https://cdn.example/fox.png"));
    CHECK_FALSE(with("https://10.0.0.1/fox.png"));
    CHECK_FALSE(with("http://127.0.0.1:8379/fox.png"));
}

}  // namespace motionspool::test
