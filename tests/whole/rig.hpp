#pragma once
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <memory>
#include "support/temp_folder.hpp"
#include "whole/journal.hpp"
#include "whole/process.hpp"
#include "whole/waiting.hpp"

namespace motionspool::whole {

/// What a command said and how it ended.
struct Said {
    int code = -1;
    std::string out, err;
};

/// What a test changes about the usual set-up; the texts are YAML flow, e.g. "running: 5".
struct RigSettings {
    std::map<std::string, std::string> simulator;  ///< options of `simulate` and their values
    std::string limits = "submissions: 1000 per 1s, polls: 1000 per 1s, running: 1000, downloads: 16";
    std::string provider, spool;  ///< further keys
    std::string key = "canary-key-4711";
    std::string more;  ///< further sections, whole lines
};

/// A folder with a spool, an output and a state directory, the simulator, and the daemon between them: the real program, spoken to as people and scripts do.
/// Everything is ended and removed with it.
class Rig {
public:
    explicit Rig(RigSettings = {});
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;
    ~Rig();

    /// Starts the daemon and waits until it says that it is ready.
    void start();
    /// Starts it and waits for nothing.
    void launch();
    [[nodiscard]] Process& daemon() { return *daemon_; }
    /// SIGTERM, and how it ended.
    Ended stop();
    /// What all daemons so far have logged.
    [[nodiscard]] std::string log() const;

    /// Runs a command with this configuration. @throws runtime_error if it does not end
    [[nodiscard]] Said run(std::vector<std::string> arguments, bool as_nobody = false) const;
    /// The same, with its own environment and without --config.
    [[nodiscard]] Said run_bare(std::vector<std::string> arguments, std::map<std::string, std::string> environment = {}, bool as_nobody = false) const;
    [[nodiscard]] Process spawn(std::vector<std::string> arguments, const std::string& log) const;

    /// `jobs --json` of a batch, or of all. Empty while there is no such batch yet.
    [[nodiscard]] json::array jobs(const std::string& batch = {}) const;
    /// How many jobs are in each state.
    [[nodiscard]] std::map<std::string, std::size_t> states() const;
    /// Waits until every job of every batch has ended or is uncertain, and there are `count` of them.
    void wait_until_settled(std::size_t count, std::chrono::milliseconds limit = patience) const;
    /// A folder drop with the example's media, renamed in at once.
    void drop(const std::string& name, const std::string& manifest) const;

    /// Waits until the batch is recorded. Only then may a test kill more than once: a file that is being read at two deaths is set aside with its drop.
    void wait_until_accepted(const std::string& name) const;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    [[nodiscard]] std::filesystem::path spool() const { return folder_ / "spool"; }
    [[nodiscard]] std::filesystem::path output() const { return folder_ / "output"; }
    [[nodiscard]] std::filesystem::path config() const { return folder_ / "motionspool.yaml"; }
    [[nodiscard]] const Journal& journal() const { return journal_; }
    [[nodiscard]] const std::string& url() const { return url_; }
    /// POST /sim/WHAT of the simulator. @throws runtime_error if it is refused
    void tell_simulator(const std::string& what, const std::string& body) const;
    /// From now on tasks run until they are released: what a test does meanwhile takes as long as it takes.
    void hold_tasks() const { tell_simulator("faults", R"({"held": 1})"); }
    /// Tasks that are held end now, held answers are sent, and later tasks end by themselves.
    void release_tasks() const;
    void write_config(const RigSettings&) const;

private:
    void start_simulator();
    test::TempFolder folder_;
    RigSettings settings_;
    Journal journal_;
    std::unique_ptr<Process> simulator_, daemon_;
    std::string url_;
};

/// A value of a JSON object as text; "" for null and for none.
[[nodiscard]] std::string text_at(const json::object&, std::string_view key);
/// The example's media.
[[nodiscard]] std::filesystem::path media(const std::string& name);
[[nodiscard]] std::string sha256_of(const std::filesystem::path& file);

}  // namespace motionspool::whole
