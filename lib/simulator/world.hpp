#pragma once
#include <queue>
#include <unordered_map>
#include "simulator/bank.hpp"
#include "simulator/journal.hpp"
#include "simulator/planned.hpp"
#include "simulator/target.hpp"
#include "simulator/task.hpp"
#include "simulator/window.hpp"

namespace motionspool::simulator {

/// A file that was uploaded, under its path.
struct Upload {
    ContentPtr content;
    std::string mime;
    milliseconds at{0};  ///< steady
};

/// Sums for GET /sim/state.
struct Totals {
    std::int64_t requests = 0, succeeded = 0, failed = 0, throttled = 0, polls = 0, uploads = 0, uploaded_bytes = 0, downloads = 0, downloads_with_key = 0,
                 callbacks = 0;
};

/// When a task's money is settled.
struct Ending {
    milliseconds at;
    Task* task;                                                                      ///< tasks are never erased, and a map's nodes stay where they are
    friend bool operator<(const Ending& a, const Ending& b) { return a.at > b.at; }  // the soonest on top
};

/// Everything the provider knows. In memory only: a restarted simulator has forgotten it all.
struct World {
    World(Options chosen, Journal opened, std::uint64_t seed)
        : options{std::move(chosen)}, journal{std::move(opened)}, plan{seed}, bank{options.balance}, submissions{options.rate}, polls{options.polls} {
        for (const auto& [fault, frequency] : options.faults) plan.set(fault, frequency);
    }
    Options options;
    std::string base = "http://127.0.0.1";  ///< before every link: scheme, host and port
    Journal journal;
    FaultPlan plan;
    ContentPool contents;
    ContentPtr clip;  ///< the built-in one
    std::unordered_map<std::string, Upload> uploads;
    std::unordered_map<std::string, Task> tasks;
    std::priority_queue<Ending> endings;
    Bank bank;
    Window submissions, polls;
    Totals totals;
    std::unordered_map<std::string, std::map<Fault, int>> marks_used;  ///< by prompt
    std::int64_t last_named_id = 0;
};

/// What the journal's line of a request will say.
struct Note {
    std::optional<int> code;
    std::optional<Fault> fault;
    ObjectText more;
    bool durable = false;
};

/// One request on its way through a handler.
struct Visit {
    const http::Request& request;
    const std::string& body;
    Target target;
    Moment now;
    Note& note;
};

/// Settles the money of every task that has ended by now, and says so in the journal.
void settle(World&, Moment);

/// The callbacks that a task's end sends; none while it is held.
[[nodiscard]] std::vector<CallbackPlan> callbacks_of(const Task&);
/// Ends the held tasks whose prompt has that text in it, now. @param released how many more that makes @return their callbacks
[[nodiscard]] std::vector<CallbackPlan> release(World&, std::string_view prompt, Moment now, std::int64_t& released);

/// The target of a URL that leads to this server; nothing for any other.
[[nodiscard]] std::optional<std::string> our_target(const World&, std::string_view url);

// Handlers, a file each. Each says on its Note what it did; none waits, none knows HTTP beyond Request and Reply.
Planned create_task(World&, Visit&);
Planned record_info(World&, Visit&);
Planned chat_credit(World&, Visit&);
Planned stream_upload(World&, Visit&);
Planned base64_upload(World&, Visit&);
Planned url_upload(World&, Visit&);
Planned uploaded_file(World&, Visit&);
Planned result_file(World&, Visit&);
Planned download_url(World&, Visit&);
Planned control_balance(World&, Visit&);
Planned control_faults(World&, Visit&);
Planned control_release(World&, Visit&);
Planned control_state(World&, Visit&);

}  // namespace motionspool::simulator
