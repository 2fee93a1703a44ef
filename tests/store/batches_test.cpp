#include <doctest/doctest.h>
#include "memory.hpp"

namespace motionspool::store {
namespace {
using namespace test;

NewBatch drop(const std::string& name) {
    return {.name = name,
            .name_key = name,
            .entry = name + "-2",
            .kind = "folder",
            .manifest = "jobs: []\n",
            .fingerprint = "f-" + name,
            .run = 2,
            .priority = -3,
            .note = "for Ana",
            .labels = {},
            .created = t0};
}

TEST_CASE("a batch is read back as it was begun, its manifest byte for byte") {
    Memory memory;
    auto fresh = drop("füchse");
    fresh.manifest = std::string{"\xEF\xBB\xBFjobs:\0[]\r\n", 14};
    const auto id = memory->batches.begin(fresh);
    memory.reopen();
    const auto row = *memory->batches.get(id);
    CHECK(row.name == "füchse");
    CHECK(row.state == "arriving");
    CHECK(row.entry == "füchse-2");
    CHECK(row.place == ".taking");
    CHECK(row.kind == "folder");
    CHECK(row.note == "for Ana");
    CHECK(row.priority == -3);
    CHECK(row.created == t0);
    CHECK_FALSE(row.ended);
    CHECK(memory->batches.manifest(id) == fresh.manifest);
    CHECK(memory->batches.manifest(BatchId{99}).empty());
    CHECK_FALSE(memory->batches.get(BatchId{99}));
}

TEST_CASE("labels come back as they were given, odd ones too") {
    Memory memory;
    const std::map<std::string, std::string> labels{{"project", "4711"},     {"Ünïcode-鍵", "värde.🦊"},      {"a", "="},  {"b", "x=y=z"}, {"c", ""},
                                                    {"d", " spaces  kept "}, {"e", "'; DROP TABLE batches; --"}, {"f", "%_*"}};
    auto fresh = drop("foxes");
    fresh.labels = labels;
    const auto id = memory->batches.begin(fresh);
    memory.reopen();
    CHECK(memory->batches.get(id)->labels == labels);
    const auto without = memory->batches.begin(drop("bears"));
    CHECK(memory->batches.get(without)->labels.empty());
}

TEST_CASE("a batch is open once, and visible only from then on") {
    Memory memory;
    const auto id = memory->batches.begin(drop("foxes"));
    CHECK(memory->batches.all().empty());
    CHECK(memory->batches.in_state("arriving").size() == 1);
    CHECK(memory->batches.open(id));
    CHECK_FALSE(memory->batches.open(id));
    CHECK(memory->batches.all().size() == 1);
    CHECK(memory->batches.in_state("arriving").empty());
    CHECK(memory->batches.find("foxes")->id == id);
    CHECK_FALSE(memory->batches.find("Foxes"));
}

TEST_CASE("two batches cannot have one name") {
    Memory memory;
    memory->batches.begin(drop("foxes"));
    CHECK_THROWS_AS(memory->batches.begin(drop("foxes")), SQLite::Exception);
    CHECK(memory.number("SELECT count(*) FROM batches") == 1);
}

TEST_CASE("a batch ends when its last job has, once, and is filed after that") {
    Memory memory;
    const auto id = memory.batch("foxes");
    const auto image = memory.input(id, "a", "a");
    const auto one = memory.job(id, "1", image, image), two = memory.job(id, "2", image, image);
    CHECK_FALSE(memory->batches.end_if_over(id, t0));
    memory.step(one, JobState::queued, JobState::cancelled);
    CHECK_FALSE(memory->batches.end_if_over(id, t0));
    CHECK_FALSE(memory->batches.filed(id, "foxes"));
    memory.step(two, JobState::queued, JobState::failed);
    CHECK(memory->batches.end_if_over(id, t0 + 5s));
    CHECK_FALSE(memory->batches.end_if_over(id, t0 + 9s));
    CHECK(memory->batches.get(id)->ended == t0 + 5s);
    CHECK(memory->batches.get(id)->state == "ended");
    CHECK(memory->batches.filed(id, "foxes-3"));
    CHECK_FALSE(memory->batches.filed(id, "foxes-4"));
    memory.reopen();
    CHECK(memory->batches.get(id)->state == "filed");
    CHECK(memory->batches.get(id)->place == "finished");
    CHECK(memory->batches.get(id)->entry == "foxes-3");
}

TEST_CASE("a batch with a job in any state that is not an end does not end") {
    Memory memory;
    const auto id = memory.batch("foxes");
    const auto image = memory.input(id, "a", "a");
    memory.job(id, "1", image, image);
    for (const auto* state : {"queued", "uploading", "submitting", "uncertain", "running", "downloading"}) {
        memory->db->exec(std::string{"UPDATE jobs SET state = '"} + state + "'");
        CHECK_FALSE(memory->batches.end_if_over(id, t0));
    }
}

TEST_CASE("an arriving batch does not end, and is forgotten with all that had arrived, an open one is not") {
    Memory memory;
    const auto id = memory->batches.begin(drop("foxes"));
    const auto image = memory.input(id, "a", "a");
    memory.job(id, "1", image, image);
    CHECK_FALSE(memory->batches.end_if_over(id, t0));
    memory->batches.forget_arriving(id);
    memory.reopen();
    for (const auto* table : {"batches", "jobs", "inputs"}) CHECK(memory.number(std::string{"SELECT count(*) FROM "} + table) == 0);
    const auto again = memory->batches.begin(drop("foxes"));
    const auto anew = memory.input(again, "a", "a");
    memory.job(again, "1", anew, anew);
    memory->batches.open(again);
    CHECK_NOTHROW(memory->batches.forget_arriving(again));
    for (const auto* table : {"batches", "jobs", "inputs"}) CHECK(memory.number(std::string{"SELECT count(*) FROM "} + table) == 1);
}

TEST_CASE("a batch's folder has one place and one name at a time") {
    Memory memory;
    const auto id = memory.batch("foxes");
    CHECK(memory->batches.moved(id, "accepted", "foxes-9"));
    CHECK(memory->batches.get(id)->place == "accepted");
    CHECK(memory->batches.get(id)->entry == "foxes-9");
    CHECK_FALSE(memory->batches.moved(BatchId{99}, "accepted", "x"));
    CHECK_THROWS_AS(memory->batches.moved(id, "elsewhere", "x"), SQLite::Exception);
}

TEST_CASE("a file is one input of its batch, and every format is read back") {
    Memory memory;
    const auto id = memory.batch("foxes");
    memory.input(id, "a.png", "a");
    CHECK_THROWS_AS(memory.input(id, "a.png", "b"), SQLite::Exception);
    CHECK_NOTHROW(memory->batches.add_input(id, {"a.png", "/media", "PNG", 1, "b"}));
    using enum domain::Format;
    for (const auto format : {jpeg, png, mp4, quicktime, matroska, webm, other}) {
        const auto input = memory->batches.add_input(id, {"f" + to_string(format), "", to_string(format), 1, "x"});
        CHECK(memory->jobs.input(input, t0)->format == format);
    }
}

}  // namespace
}  // namespace motionspool::store
