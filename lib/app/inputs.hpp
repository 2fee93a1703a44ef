#pragma once
#include <map>
#include <random>
#include <set>
#include "app/line.hpp"
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/slots.hpp"
#include "async/task_group.hpp"
#include "async/wakeup.hpp"
#include "http/client.hpp"
#include "spool/layout.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// The upload cache: sends what the next jobs need ahead of their turn, each content once, and remembers where it lies until `upload_ttl`.
/// Bytes are hashed again as they are sent; if they are no longer those that were accepted, the jobs that name them fail before anything is paid.
class Inputs {
public:
    Inputs(const Settings&, Clock&, store::Store&, http::Client&, const spool::Layout&, TaskGroup&, std::mt19937_64&);
    /// Something changed: new jobs, a freed slot, an upload forgotten.
    void look_again() { wakeup_.ring(); }
    /// Called when jobs may have become ready or have failed.
    std::function<void()> changed = [] {};
    std::function<void(BatchId)> failed_in = [](BatchId) {};
    /// Gathers the inputs that are needed next and not uploaded, in the order of their turn. @return whether it is done; else it is called again
    std::function<bool(Line::Ahead&)> look_ahead = [](Line::Ahead&) { return true; };

    /// Runs until cancelled.
    asio::awaitable<void> run();

private:
    struct Trouble {
        int failures = 0;
        BootTime until{};
        bool over = false;
    };  ///< over: the database has been told that the wait is
    asio::awaitable<void> upload(store::Input);
    asio::awaitable<bool> send(store::Input);
    asio::awaitable<void> fail_all(const store::Input& input, store::JobError);
    void put_off(const store::Input&, const std::string& why);
    /// Those whose time has come are tried again. @return when that of the next comes
    [[nodiscard]] std::optional<BootTime> try_troubled_again();
    asio::awaitable<void> start_what_is_needed();
    [[nodiscard]] std::chrono::milliseconds reused_for() const;

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    http::Client& http_;
    const spool::Layout& layout_;
    TaskGroup& group_;
    std::mt19937_64& random_;
    Wakeup wakeup_;
    Slots slots_;
    std::set<std::string> under_way_;          ///< contents
    std::map<std::string, Trouble> troubled_;  ///< contents
    std::optional<BootTime> tidied_;
    std::chrono::milliseconds looked_for_{0};  ///< the last time
};

}  // namespace motionspool::app
