#pragma once
#include <boost/asio/awaitable.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>
#include "app/settings.hpp"
#include "store/store.hpp"
#include "support/provider.hpp"

namespace motionspool::app {
class Reconciler;
class Service;
}  // namespace motionspool::app

// The whole service on a manual clock, with a real database and a real spool in memory-backed folders, and everything else invented. A crash takes what is on
// disk at that moment; whatever the dying process still does reaches nobody. The next life starts from there.
namespace motionspool::test {
namespace fs = std::filesystem;
class ManualClock;
class FakeWatcher;
class FakeProbe;

using Files = std::map<std::string, std::string>;  ///< path in the drop → content

/// The files most drops here use: fox.png, wave.mp4.
[[nodiscard]] Files fox_and_wave();
/// A manifest for those two files; job n is "job-n", and its prompt "BATCH/job-n", by which the provider's truth is told apart.
[[nodiscard]] std::string manifest_of(const std::string& batch, int jobs, const std::string& more = {});

class World {
public:
    World();
    World(const World&) = delete;
    World& operator=(const World&) = delete;
    ~World();

    app::Settings settings;  ///< may be changed while the service runs
    Provider provider;
    /// Asked at every commit, before it (`after` false) and after it; true: the process dies there. `number` counts commits of all lives, from 0.
    std::function<bool(std::size_t number, bool after)> dies_at_commit;
    /// The same, and the commit fails instead: an I/O error.
    std::function<bool(std::size_t number)> commit_fails;
    /// Called when a file is looked at; the process may die there.
    std::function<void()> on_probe = [] {};
    std::size_t commits = 0;
    std::size_t secrets = 0;   ///< made for callback URLs
    bool takes_over = false;   ///< starts with `run --take-over`
    bool watch_output = true;  ///< look at every name that appears in the output folder, at once

    // ---- dropping ----
    /// A folder drop, renamed in whole.
    void drop(const std::string& name, const std::string& manifest, const Files& files);
    /// A folder drop for `jobs` jobs whose manifest is manifest_of(name, jobs).
    void drop(const std::string& name, int jobs);
    /// A manifest alone.
    void drop_lone(const std::string& file, const std::string& manifest);
    [[nodiscard]] fs::path spool(const std::string& inside = {}) const { return fs::path{settings.config.spool.directory} / inside; }
    [[nodiscard]] fs::path output(const std::string& inside = {}) const { return fs::path{settings.config.output.directory} / inside; }
    [[nodiscard]] fs::path media() const { return root_ / "now" / "media"; }

    // ---- living ----
    void start();
    /// SIGTERM: returns once the service has ended. @return how long that took
    milliseconds stop();
    /// Dies here and now. May be called from within (a fault, a commit).
    void crash();
    /// Starts again after a crash, a failure or stop(); the machine went on.
    void restart();
    /// The same, and the machine was started anew `down` later.
    void reboot(milliseconds down);
    [[nodiscard]] bool up() const;                      ///< runs, and has not crashed
    [[nodiscard]] const std::string& ended_by() const;  ///< the error that ended the service; empty if none did
    [[nodiscard]] app::Service& service();
    [[nodiscard]] ManualClock& clock();
    [[nodiscard]] store::Store& store();
    [[nodiscard]] FakeWatcher& watcher();
    [[nodiscard]] FakeProbe& probe();

    /// Something the operator does, on the service's loop; time passes only as far as it waits.
    using Act = std::function<asio::awaitable<Result<std::string>>(app::Reconciler&)>;
    Result<std::string> act(const Act&);
    void run_for(milliseconds);
    /// Runs until `enough` holds, at most for `limit`. @return whether it did
    bool run_until(milliseconds limit, const std::function<bool()>& enough);
    /// Runs until every drop has been answered and every job has ended or is uncertain; a service that dies is started again.
    bool rest(milliseconds limit = std::chrono::hours{48});
    [[nodiscard]] bool at_rest();
    int lives = 0;

    // ---- looking ----
    [[nodiscard]] std::map<std::string, std::size_t> states();
    [[nodiscard]] std::size_t in_state(const std::string& state) { return states()[state]; }
    [[nodiscard]] std::vector<store::JobView> jobs();
    [[nodiscard]] store::JobView job(const std::string& name);  ///< "BATCH/JOB"
    [[nodiscard]] std::vector<store::Event> log(const std::string& name);
    /// What is wrong with the world at rest, line by line; empty if every promise was kept.
    [[nodiscard]] std::string broken_promises();

private:
    struct Life;
    void begin_life();
    void end_life();
    void look_at_output();
    [[nodiscard]] bool service_ended() const;

    fs::path root_;
    std::unique_ptr<Life> life_;
    Instant wall_;
    BootTime boot_;
    std::string boot_id_ = "boot-1";
    int boots_ = 1;
    bool crashed_ = false;
    std::string ended_by_;
    std::size_t drops_ = 0;
    std::set<std::string> seen_;  ///< names in the output folder
    std::string seen_wrong_;
};

}  // namespace motionspool::test
