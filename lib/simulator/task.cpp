#include "simulator/task.hpp"

namespace motionspool::simulator {
namespace {

struct FailureRow {
    Fault fault;
    Failure failure;
};
constexpr FailureRow failures[] = {
    {Fault::fail_moderation, {422, "Your content was flagged as sensitive and violates the content policy."}},
    {Fault::fail_no_upper_body, {400, "No complete upper body detected in the image or the video. Please upload another one."}},
    {Fault::fail_no_character, {400, "No valid characters detected in the video"}},
    {Fault::fail_recognition, {400, "Image recognition failed"}},
    {Fault::fail_first_frame, {400, "The character in the reference image or the first frame is invalid"}},
    {Fault::fail_image_fetch, {422, "Image fetch failed. Check access settings or use our File Upload API instead."}},
    {Fault::fail_flagged, {400, "Your prompt was flagged by our filters."}},
    {Fault::fail_safety, {500, "The request was stopped by the safety system during a safety review, please try again later."}},
    {Fault::fail_rejected, {500, "The input was rejected, please try again with a different input."}},
    {Fault::fail_copyright, {422, "The image may be under copyright or harmful."}},
    {Fault::fail_range, {422, "duration must be between 3 and 30"}},
    {Fault::fail_internal, {500, "Internal error, please try again later."}},
    {Fault::fail_busy, {500, "The server is busy."}},
    {Fault::fail_system_busy, {500, "System busy"}},
    {Fault::fail_unknown, {500, "Gremlins in the lattice (E-7731)."}},
    {Fault::fail_timeout, {408, "Upstream gave no result in time, please try again later."}},
    {Fault::fail_charged, {500, "Internal error, please try again later."}},
};

}  // namespace

std::string_view to_string(State state) {
    switch (state) {
        case State::waiting: return "waiting";
        case State::queuing: return "queuing";
        case State::generating: return "generating";
        case State::success: return "success";
        case State::fail: return "fail";
    }
    return "";
}

std::optional<Failure> failure_of(const FaultSet& faults) {
    for (const auto& row : failures) {
        if (has(faults, row.fault)) return row.failure;
    }
    return std::nullopt;
}

State state_at(const Task& task, milliseconds now) {
    if (has(task.faults, Fault::stuck)) return State::waiting;
    if (has(task.faults, Fault::held)) return State::generating;
    if (now >= task.ends) return failure_of(task.faults) ? State::fail : State::success;
    const auto tenth = (task.ends - task.arrived) / 10;
    if (now - task.arrived < tenth) return State::waiting;
    return now - task.arrived < 2 * tenth ? State::queuing : State::generating;
}

Credits consumed(const Task& task) { return failure_of(task.faults) && !has(task.faults, Fault::fail_charged) ? Credits{} : task.cost; }

Instant completed(const Task& task) { return task.created + (task.ends - task.arrived); }

}  // namespace motionspool::simulator
