#include "app/renders.hpp"
#include <doctest/doctest.h>
#include "support/run.hpp"
#include "support/temp_folder.hpp"
#include "system/real_clock.hpp"

namespace motionspool::app {
namespace {
using test::run;

struct Fixture {
    test::TempFolder folder;
    asio::io_context io;
    system::RealClock clock;
    std::unique_ptr<store::Store> store = open();

    std::unique_ptr<store::Store> open() {
        auto database = store::open_for_writing(folder / "motionspool.db");
        REQUIRE(database.has_value());
        return std::make_unique<store::Store>(io.get_executor(), std::move(*database), [] { return std::chrono::nanoseconds{0}; });
    }
    /// Batches of version 2 with 10,000 jobs each, 100 images by 100 prompts, all queued; or only the first `each` of them.
    void crowd(int batches, int each = 10'000) {
        auto& db = *store->db;
        db.exec("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(batches) +
                ") INSERT INTO batches (id, name, name_key, state, entry, place, kind, manifest, fingerprint, run, priority, note, labels, created) "
                "SELECT i, 'b' || i, 'b' || i, 'open', 'b' || i, 'accepted', 'folder', x'', 'f' || i, 1, 0, '', '', 0 FROM n");
        db.exec("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(batches * 101 - 1) +
                ") INSERT INTO inputs (id, batch, source, root, format, bytes, sha256) SELECT i + 1, i / 101 + 1, 'i' || (i % 101), '', 'PNG', 1, "
                "printf('%064d', i % 101) FROM n");
        db.exec(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < " + std::to_string(batches * 10'000 - 1) +
            ") INSERT INTO jobs (batch, name, name_key, image, motion, prompt, mode, orientation, length_ms, state, stage, priority, created, "
            "updated) SELECT i / 10000 + 1, 'j' || i, 'j' || i, i / 10000 * 101 + i / 100 % 100 + 1, i / 10000 * 101 + 101, (i / 10000) || ' prompt ' || (i % "
            "100), '720p', 'video', 4000, 'queued', 'single', 0, 0, 0 FROM n WHERE i % 10000 < " +
            std::to_string(each));
    }
    /// The jobs of the n-th of those batches, in the other order, as they are dropped now; `others` of them with another prompt.
    Examination drop(int batch, int others = 0) {
        Examination e;
        e.file = "manifest.yaml";
        e.manifest.emplace();
        for (int n = 0; n <= 100; n++)
            e.inputs.push_back({"x" + std::to_string(n), "", {}, std::string(64 - std::to_string(n).size(), '0') + std::to_string(n)});
        for (int n = 9'999; n >= 0; n--) {
            ExaminedJob job;
            job.spec.id = "job-" + std::to_string(n);
            job.spec.prompt = std::to_string(batch) + " prompt " + std::to_string(n % 100) + (n < others ? "!" : "");
            job.image = static_cast<std::size_t>(n / 100);
            job.motion = 100;
            job.length = std::chrono::seconds{4};
            job.render = render_of("model", e.inputs[job.image], e.inputs[job.motion], job.spec, domain::Stage::single);
            e.jobs.push_back(std::move(job));
        }
        return e;
    }
    /// Runs it to its end. @return how long it took, and its longest handler
    std::string timed(asio::awaitable<void> work) {
        std::exception_ptr failure;
        asio::co_spawn(io, std::move(work), [&](std::exception_ptr error) { failure = std::move(error); });
        io.restart();
        const auto began = clock.boot();
        auto longest = std::chrono::milliseconds{0};
        auto last = began;
        while (io.run_one() > 0) {
            const auto now = clock.boot();
            longest = std::max(longest, now - last);
            last = now;
        }
        REQUIRE_FALSE(failure);
        return std::to_string((last - began).count()) + " ms, longest handler " + std::to_string(longest.count()) + " ms";
    }
};

}  // namespace

TEST_CASE_FIXTURE(Fixture, "100,000 jobs of version 2 are known by what they render, and 10,000 dropped ones are found among them") {
    crowd(10);
    const auto filled = timed(fingerprint_earlier_drops(*store, clock, "model"));
    CHECK_FALSE(store->renders.next_of_before());
    CHECK(store->notes.fact("model") == "model");
    auto e = drop(3);
    const auto began = clock.boot();
    const auto twin = twin_complaint(*store, e, std::nullopt, false);
    const auto judged = clock.boot() - began;
    REQUIRE(twin);
    CHECK(twin->text.find("accepted as batch \"b4\" already") != std::string::npos);
    auto some = drop(7, 1);
    CHECK_FALSE(twin_complaint(*store, some, std::nullopt, false));
    const auto looked_up = timed(warn_of_known_jobs(*store, clock, {}, some, std::nullopt, {}));
    REQUIRE(some.complaints.size() == 1);
    CHECK(some.complaints.front().text.find("9999 of 10000 jobs (") == 0);
    CHECK(some.complaints.front().text.find("batch \"b8\"") != std::string::npos);
    CHECK(some.complaints.front().text.find("439956 credits") != std::string::npos);
    MESSAGE("100000 jobs fingerprinted anew in " << filled << "; a drop of 10000 compared in " << judged.count() << " ms, its jobs looked up in " << looked_up);
}

TEST_CASE_FIXTURE(Fixture, "warnings of equal and known jobs stay few, however many there are, and say how many more") {
    crowd(12, 100);
    (void)timed(fingerprint_earlier_drops(*store, clock, "model"));
    Examination e = drop(0);
    e.jobs.resize(300);
    for (std::size_t n = 0; n < 150; n++) {
        e.jobs[n].spec.id = "again-" + std::to_string(n);
        e.jobs[n].render = e.jobs[n + 150].render;
    }
    warn_of_equal_jobs(e, {});
    CHECK(e.complaints.size() == 100);
    CHECK(e.complaints.back().text.find("(and likewise 50 more groups of jobs, for 2200 credits)") != std::string::npos);
    e = drop(0);
    e.jobs.resize(12);
    for (int batch = 0; batch < 12; batch++) {
        auto& job = e.jobs[static_cast<std::size_t>(batch)];
        job.spec.prompt = std::to_string(batch) + " prompt 1";
        job.render = render_of("model", e.inputs[0], e.inputs[100], job.spec, domain::Stage::single);
    }
    (void)timed(warn_of_known_jobs(*store, clock, {}, e, std::nullopt, {}));
    CHECK(e.complaints.size() == 10);
    CHECK(e.complaints.back().text.find("(and likewise jobs of 2 more batches)") != std::string::npos);
}

}  // namespace motionspool::app
