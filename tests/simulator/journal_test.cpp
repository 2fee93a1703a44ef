#include <unistd.h>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include "desk.hpp"

using namespace motionspool;
using namespace motionspool::simulator;

namespace {
struct JournalFile {
    JournalFile() {
        auto pattern = (std::filesystem::temp_directory_path() / "simulator-journal-XXXXXX").string();
        REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder = pattern;
    }
    ~JournalFile() { std::filesystem::remove_all(folder); }
    [[nodiscard]] std::string path() const { return folder + "/journal.jsonl"; }
    [[nodiscard]] Journal open() const { return std::move(Journal::open(path(), true).value()); }
    [[nodiscard]] std::vector<json::object> lines() const {
        std::ifstream file{path()};
        std::vector<json::object> found;
        for (std::string line; std::getline(file, line);) found.push_back(json::parse(line).as_object());
        return found;
    }
    std::string folder;
};
}  // namespace

TEST_CASE("an accepted task's line says everything an oracle needs, and is there before the answer") {
    const JournalFile file;
    Desk desk{Desk::quiet(), file.open()};
    const auto planned = desk.post("/api/v1/jobs/createTask", Desk::order("A fox.", "https://a.example/m.mp4", "http://127.0.0.1:9/callback/TOKEN"));
    const auto lines = file.lines();
    REQUIRE(lines.size() == 1);
    const auto& line = lines[0];
    CHECK(line.at("seq") == 1);
    CHECK(line.at("mono_ms") == 1'000'000);
    CHECK(line.at("wall") == "2026-01-06T11:46:40Z");
    CHECK(line.at("kind") == "createTask");
    CHECK(line.at("method") == "POST");
    CHECK(line.at("path") == "/api/v1/jobs/createTask");
    CHECK(line.at("key") == true);
    CHECK(line.at("status") == 200);
    CHECK(line.at("code") == 200);
    CHECK(line.at("accepted") == true);
    CHECK(line.at("charged") == 55'000);
    CHECK(line.at("task") == Desk::object(planned).at("data").at("taskId"));
    CHECK(line.at("callback_token") == "TOKEN");
    CHECK(line.at("prompt") == "A fox.");
    CHECK(line.at("image") == "https://elsewhere.example/char.png");
    CHECK(line.at("motion") == "https://a.example/m.mp4");
    CHECK(line.at("mode") == "720p");
    CHECK(line.at("orientation") == "video");
    CHECK(line.at("window") == 1);
}

TEST_CASE("refused and lost ones are told apart by accepted, status and fault") {
    const JournalFile file;
    Desk desk{Desk::quiet(), file.open()};
    (void)desk.create("[sim:lost-answer]");
    (void)desk.create("[sim:lost-request]");
    (void)desk.post("/api/v1/jobs/createTask", "{}");
    const auto lines = file.lines();
    REQUIRE(lines.size() == 3);
    CHECK(lines[0].at("accepted") == true);
    CHECK(lines[0].at("status") == 0);
    CHECK(lines[0].at("fault") == "lost-answer");
    CHECK(lines[1].at("accepted") == false);
    CHECK(lines[1].at("status") == 0);
    CHECK_FALSE(lines[1].contains("task"));
    CHECK(lines[2].at("accepted") == false);
    CHECK(lines[2].at("code") == 500);
    CHECK(lines[2].at("window") == 3);
}

TEST_CASE("uploads and downloads are known by their hashes, endings by their money") {
    const JournalFile file;
    Desk desk{Desk::quiet(), file.open()};
    const auto url = desk.upload("m.mp4", clip_of(3000));
    const auto task = std::string{Desk::object(desk.post("/api/v1/jobs/createTask", Desk::order("p", url))).at("data").at("taskId").as_string()};
    (void)desk.task("[sim:fail-internal]");
    desk.later(milliseconds{1000});
    auto rest = Desk::request("GET", "/r/" + task + ".mp4");
    rest.headers.push_back({"Range", "bytes=10-"});
    (void)desk.send(rest);
    desk.simulator.note_callback(task, 2, "503", desk.now);
    const auto lines = file.lines();
    REQUIRE(lines.size() == 7);
    CHECK(lines[0].at("kind") == "upload");
    CHECK(lines[0].at("name") == "clips/m.mp4");
    CHECK(lines[0].at("size") == clip_of(3000).size());
    CHECK(lines[3].at("kind") == "ended");
    CHECK(lines[4].at("kind") == "ended");
    const bool first_failed = lines[3].at("state") == "fail";
    CHECK(lines[first_failed ? 3 : 4].at("returned") == 55'000);
    CHECK(lines[first_failed ? 4 : 3].at("returned") == 0);
    CHECK(lines[5].at("kind") == "result");
    CHECK(lines[5].at("sha256") == lines[0].at("sha256"));
    CHECK(lines[5].at("from") == 10);
    CHECK(lines[5].at("bytes") == clip_of(3000).size() - 10);
    CHECK(lines[6].at("kind") == "callback");
    CHECK(lines[6].at("answer") == "503");
}

TEST_CASE("a journal is appended to, and one that cannot be opened says so") {
    const JournalFile file;
    {
        Desk first{Desk::quiet(), file.open()};
        (void)first.create();
    }
    Desk second{Desk::quiet(), file.open()};
    (void)second.create();
    CHECK(file.lines().size() == 2);
    CHECK(Journal::open(file.folder + "/no/such/folder", true).problem().text.find("cannot be opened") != std::string::npos);
}

TEST_CASE("a journal that cannot be written is an error, not a gap") {
    Desk desk{Desk::quiet(), std::move(Journal::open("/dev/full", false).value())};
    CHECK_THROWS_AS((void)desk.create(), std::system_error);
}
