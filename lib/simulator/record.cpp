#include "simulator/record.hpp"
#include "simulator/refusals.hpp"

namespace motionspool::simulator {
namespace {

void add_empty(ObjectText& data, std::string_view key, EmptyAs empty) {
    switch (empty) {
        case EmptyAs::text: data.text(key, ""); return;
        case EmptyAs::null: data.raw(key, "null"); return;
        case EmptyAs::absent: return;
    }
}

void add_result(ObjectText& data, const World& world, const Task& task, State state) {
    static constexpr std::string_view key = "resultJson";
    if (state != State::success) return add_empty(data, key, world.options.empty_as);
    if (has(task.faults, Fault::absent_result)) return;
    if (has(task.faults, Fault::null_result)) return add_empty(data, key, EmptyAs::null);
    const auto urls = has(task.faults, Fault::empty_result) ? std::string{} : json_quoted(result_url(world, task));
    const auto json = R"({"resultUrls":[)" + urls + "]}";
    switch (world.options.result_json) {
        case ResultJson::string: data.text(key, json); return;
        case ResultJson::object: data.raw(key, json); return;
    }
}

void add_failure(ObjectText& data, const World& world, const Task& task, State state) {
    const auto failure = failure_of(task.faults);
    if (state == State::fail && failure) {
        data.text("failCode", std::to_string(failure->code)).text("failMsg", failure->text);
    } else {
        add_empty(data, "failCode", world.options.empty_as);
        add_empty(data, "failMsg", world.options.empty_as);
    }
}

void add_consumed(ObjectText& data, const World& world, Credits amount, ConsumedAs form) {
    switch (form) {
        case ConsumedAs::newer: data.credits("creditsConsumed", amount); return;
        case ConsumedAs::older: data.credits("consumeCredits", amount).credits("remainedCredits", world.bank.balance()); return;
        case ConsumedAs::string: data.text("creditsConsumed", to_string(amount)); return;
        case ConsumedAs::absent: return;
    }
}

void add_times(ObjectText& data, const Task& task, Moment now, bool ended) {
    const auto unix_ms = [](Instant when) { return static_cast<std::int64_t>(when.time_since_epoch().count()); };
    data.number("costTime", ended ? (task.ends - task.arrived).count() : 0).number("createTime", unix_ms(task.created));
    if (ended)
        data.number("completeTime", unix_ms(completed(task)));
    else
        data.raw("completeTime", "null");
    data.number("updateTime", unix_ms(ended ? completed(task) : now.wall));
}

std::string_view state_name(const Task& task, State state) {
    return state == State::generating && has(task.faults, Fault::odd_state) ? "postprocessing" : to_string(state);
}

/// The answer to a poll that a fault of its own struck.
Planned spoiled_poll(Fault fault, Planned good, const World& world, Visit& visit) {
    visit.note.code.reset();
    if (fault == Fault::poll_500) return html_answer(500, "500 Internal Server Error");
    if (fault == Fault::poll_garbage) return garbage_answer();
    if (fault == Fault::poll_truncated) return half_of(std::move(good));
    if (fault == Fault::poll_drop) return no_answer();
    if (fault == Fault::poll_rate_limit) return coded_answer(world, visit, 500, "Rate limit exceeded");
    if (fault == Fault::poll_429) return coded_answer(world, visit, 429, too_frequent);
    return html_answer(404, "404 Not Found");
}

}  // namespace

std::string result_url(const World& world, const Task& task) {
    const std::string host = has(task.faults, Fault::foreign_result) ? "http://169.254.169.254" : world.base;
    return host + "/r/" + task.id + ".mp4";
}

std::string record_data(const World& world, const Task& task, Moment now, RecordForm form) {
    const auto state = state_at(task, now.steady);
    const bool ended = state == State::success || state == State::fail;
    ObjectText data;
    data.text(form.odd_id ? "task_id" : "taskId", task.id).text("model", world.options.model).text("state", state_name(task, state)).text("param", task.param);
    add_result(data, world, task, state);
    add_failure(data, world, task, state);
    add_times(data, task, now, ended);
    add_consumed(data, world, ended ? consumed(task) : Credits{}, form.consumed);
    return data.str();
}

Planned record_info(World& world, Visit& visit) {
    ++world.totals.polls;
    const auto id = query_value(visit.target.query, "taskId").value_or("");
    visit.note.more.text("task", id);
    if (!world.polls.arrive(visit.now.steady)) return coded_answer(world, visit, 429, too_frequent);
    const auto found = world.tasks.find(id);
    if (found == world.tasks.end()) return coded_answer(world, visit, 422, "recordInfo is null");
    auto& task = found->second;
    ++task.polls;
    visit.note.more.text("state", state_name(task, state_at(task, visit.now.steady)));
    const bool too_early = visit.now.steady < task.arrived + world.options.null_for || (has(task.faults, Fault::create_422_not_found) && task.polls <= 2);
    if (too_early) return coded_answer(world, visit, 422, "recordInfo is null");
    auto good = success_answer(world, visit, record_data(world, task, visit.now, {world.options.consumed, false}));
    const auto fault = note_fault(visit.note, world.plan.draw(Stage::poll, task.marks, task.marks_used));
    if (fault) return spoiled_poll(*fault, std::move(good), world, visit);
    return good;
}

Planned chat_credit(World& world, Visit& visit) {
    const auto fault = note_fault(visit.note, world.plan.draw(Stage::credit));
    if (fault == Fault::credit_500) return html_answer(500, "500 Internal Server Error");
    if (fault == Fault::credit_garbage) return garbage_answer();
    visit.note.more.number("balance", world.bank.balance().milli());
    return success_answer(world, visit, to_string(world.bank.balance()));
}

}  // namespace motionspool::simulator
