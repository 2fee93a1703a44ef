#include "app/arrival.hpp"
#include <doctest/doctest.h>
#include "async/clock.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::app {
namespace {
using namespace std::chrono_literals;
using test::run;

/// A clock on which every look at it takes a millisecond.
class SlowClock final : public Clock {
public:
    [[nodiscard]] Instant now() const override { return Instant{24h * 20'000}; }
    [[nodiscard]] BootTime boot() const override { return boot_ += 1ms; }
    [[nodiscard]] const std::string& boot_id() const override { return id_; }
    asio::awaitable<void> sleep_until(BootTime) override { co_return; }

private:
    mutable BootTime boot_{1h};
    std::string id_ = "boot";
};

Examination of(int jobs) {
    Examination e;
    e.file = "manifest.yaml";
    e.manifest.emplace();
    e.inputs = {{"fox.png", "", {}, std::string(64, 'a')}, {"wave.mp4", "", {}, std::string(64, 'b')}};
    for (int n = 0; n < jobs; n++) {
        ExaminedJob job;
        job.spec.id = "job-" + std::to_string(n);
        job.image = 0;
        job.motion = 1;
        e.jobs.push_back(std::move(job));
    }
    return e;
}

struct Fixture {
    test::TempFolder folder;
    asio::io_context io;
    SlowClock clock;
    config::Config config;
    std::unique_ptr<store::Store> store = open();

    std::unique_ptr<store::Store> open() {
        auto database = store::open_for_writing(folder / "motionspool.db");
        REQUIRE(database.has_value());
        return std::make_unique<store::Store>(io.get_executor(), std::move(*database), [] { return std::chrono::nanoseconds{0}; });
    }
};

}  // namespace

TEST_CASE("many jobs arrive in slices, and nobody sees any before all are there") {
    Fixture f;
    const auto examination = of(500);
    int commits = 0, seen_early = 0;
    std::size_t visible = 0;
    f.store->commits.after_commit = [&] {
        const auto now = f.store->views.jobs({}).size();
        if (now > 0 && now < 500) ++seen_early;
        if (now == 0) ++commits;
        visible = now;
    };
    (void)run(f.io, record(*f.store, f.clock, f.config, examination, "many", "many", true));
    CHECK(commits >= 20);  // a few slices share one
    CHECK(seen_early == 0);
    CHECK(visible == 500);
    CHECK(f.store->queue.ready(BatchId{1}, {}, f.clock.now(), 10).empty());  // their inputs lie nowhere yet
    CHECK(f.store->queue.to_upload(BatchId{1}, {}, f.clock.now(), 256).inputs.size() == 2);
}

TEST_CASE("what had arrived of a batch when the process ended is forgotten, and the drop can be taken again under its name") {
    Fixture f;
    const auto examination = of(500);
    asio::co_spawn(f.io, record(*f.store, f.clock, f.config, examination, "many", "many", true), [](std::exception_ptr, BatchId) {});
    for (int turn = 0; turn < 40; turn++) f.io.poll_one();
    const auto arrived = f.store->batches.in_state("arriving");
    REQUIRE(arrived.size() == 1);
    CHECK(f.store->views.jobs({}).empty());
    CHECK(f.store->queue.batches().empty());
    f.store->batches.forget_arriving(arrived.front().id);
    CHECK(f.store->batches.in_state("arriving").empty());
    Fixture again;
    again.store.reset();
    std::filesystem::copy(f.folder / "motionspool.db", again.folder / "motionspool.db", std::filesystem::copy_options::overwrite_existing);
    std::filesystem::copy(f.folder / "motionspool.db-wal", again.folder / "motionspool.db-wal", std::filesystem::copy_options::overwrite_existing);
    std::filesystem::remove(again.folder / "motionspool.db-shm");
    again.store = again.open();
    for (const auto& batch : again.store->batches.in_state("arriving")) again.store->batches.forget_arriving(batch.id);
    (void)run(again.io, record(*again.store, again.clock, again.config, examination, "many", "many", true));
    CHECK(again.store->views.jobs({}).size() == 500);
}

}  // namespace motionspool::app
