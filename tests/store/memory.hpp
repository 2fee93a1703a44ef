#pragma once
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>
#include "store/store.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::store::test {
using motionspool::test::TempFolder;
using namespace motionspool::literals;
using namespace std::chrono_literals;
using domain::AttemptState;
using domain::JobState;

inline constexpr Instant t0{1'795'514'701s};  // 2026-11-24T22:05:01Z

/// A store on a real file in a folder of its own, on a loop that runs when told to.
class Memory {
public:
    Memory() { open(); }
    ~Memory() { close(); }
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;

    [[nodiscard]] std::filesystem::path file() const { return folder / "motionspool.db"; }
    void open() {
        auto db = open_for_writing(file());
        store.emplace(io.get_executor(), std::move(db).value(), [this] { return ticks += 1ms; });
    }
    void close() {
        store.reset();
        io.restart();
        io.poll();
    }
    /// A clean end of the process: what is changed is committed.
    void reopen() {
        turn();
        close();
        open();
    }
    /// An end without one: what is not committed is lost.
    void crash() {
        close();
        open();
    }
    /// Runs what is ready, the group's commit included.
    void turn() {
        io.restart();
        io.poll();
    }
    Store* operator->() { return &*store; }

    BatchId batch(const std::string& name = "foxes", int priority = 0, const std::string& fingerprint = "f") {
        const auto id = store->batches.begin({.name = name,
                                              .name_key = name,
                                              .entry = name,
                                              .kind = "folder",
                                              .manifest = "jobs: []",
                                              .fingerprint = fingerprint,
                                              .priority = priority,
                                              .note = {},
                                              .labels = {},
                                              .created = t0});
        store->batches.open(id);
        return id;
    }
    InputId input(BatchId batch, const std::string& source, const std::string& sha256) {
        return store->batches.add_input(batch, {source, "", "PNG", 1000, sha256});
    }
    JobId job(BatchId batch, const std::string& name, InputId image, InputId motion, int priority = 0) {
        return store->jobs.add({.batch = batch,
                                .name = name,
                                .name_key = name,
                                .image = image,
                                .motion = motion,
                                .prompt = "waves",
                                .length = 4s,
                                .priority = priority,
                                .invalid = {}},
                               t0);
    }
    /// One job with inputs of its own.
    JobId job(const std::string& name = "wave") {
        const auto b = batch("batch-of-" + name);
        return job(b, name, input(b, "a.png", "a"), input(b, "m.mp4", "m"));
    }
    std::optional<AttemptId> arm(JobId id, Credits estimate = 44_credits) {
        return store->attempts.arm(
            {.job = id, .request = "{}", .estimate = estimate, .armed = t0, .boot = "boot-1", .armed_boot = BootTime{100s}, .day = "2026-11-24"});
    }
    bool submit(AttemptId id, const std::string& task) {
        return store->attempts.change(id,
                                      {.from = AttemptState::armed,
                                       .to = AttemptState::submitted,
                                       .event = "submitted: task " + task,
                                       .task = task,
                                       .answered = BootTime{101s},
                                       .consumed = {},
                                       .result_url = {},
                                       .job = JobStep{.from = JobState::submitting, .to = JobState::running, .error = {}, .not_before = {}}},
                                      t0);
    }
    bool lose(AttemptId id) { return move(id, AttemptState::armed, AttemptState::uncertain, JobState::submitting, JobState::uncertain); }
    bool move(AttemptId id, AttemptState from, AttemptState to, JobState job_from, JobState job_to, std::optional<Credits> consumed = {}) {
        return store->attempts.change(id,
                                      {.from = from,
                                       .to = to,
                                       .event = std::string{to_string(to)},
                                       .task = {},
                                       .answered = {},
                                       .consumed = consumed,
                                       .result_url = {},
                                       .job = JobStep{.from = job_from, .to = job_to, .error = {}, .not_before = {}}},
                                      t0);
    }
    bool step(JobId id, JobState from, JobState to) {
        return store->jobs.step(id, {.from = from, .to = to, .error = {}, .not_before = {}}, std::string{to_string(to)}, t0);
    }
    [[nodiscard]] JobState state(JobId id) { return store->jobs.get(id)->state; }
    [[nodiscard]] std::int64_t number(const std::string& sql) { return store->db->execAndGet(sql).getInt64(); }
    [[nodiscard]] std::string text(const std::string& sql) { return store->db->execAndGet(sql).getString(); }

    TempFolder folder;
    boost::asio::io_context io;
    std::chrono::nanoseconds ticks{0};
    std::optional<Store> store;
};

}  // namespace motionspool::store::test
