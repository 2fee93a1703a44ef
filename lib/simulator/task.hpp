#pragma once
#include <map>
#include <string>
#include <vector>
#include "simulator/content.hpp"
#include "simulator/options.hpp"

namespace motionspool::simulator {

/// A result's second URL, /r/ID.mp4?fresh=TOKEN.
struct FreshLink {
    std::string token;
    milliseconds expires;  ///< steady
};

/// One accepted createTask. Nothing changes it as time passes: what it is follows from the time of the question, and whether it was held and has been released.
struct Task {
    std::string id, prompt, callback;
    std::string param;                 ///< the request's whole body
    milliseconds arrived{0}, ends{0};  ///< steady
    Instant created{};
    FaultSet faults;          ///< of the stages task and callback
    std::vector<Mark> marks;  ///< of its prompt, for polls and downloads
    std::map<Fault, int> marks_used;
    ContentPtr result;
    Credits cost;  ///< if it succeeds
    int polls = 0;
    bool just_cut = false;  ///< was the last download cut by cut-download?
    std::vector<FreshLink> links;
};

enum class State { waiting, queuing, generating, success, fail };
[[nodiscard]] std::string_view to_string(State);
/// The first tenth of its time it waits, the second it queues. A stuck one waits for ever, one that is held is generating.
[[nodiscard]] State state_at(const Task&, milliseconds now);

struct Failure {
    int code;
    std::string_view text;
};
/// Why a task will fail, if it will.
[[nodiscard]] std::optional<Failure> failure_of(const FaultSet&);

/// What an ended task has cost: nothing if it failed, but for fail-charged.
[[nodiscard]] Credits consumed(const Task&);

/// The wall time at which it ends.
[[nodiscard]] Instant completed(const Task&);

}  // namespace motionspool::simulator
