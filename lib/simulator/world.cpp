#include "simulator/world.hpp"

namespace motionspool::simulator {
namespace {

void settle_one(World& world, Task& task, Moment now) {
    const bool failed = failure_of(task.faults).has_value();
    ++(failed ? world.totals.failed : world.totals.succeeded);
    const auto due = consumed(task);
    Credits charged, returned;
    if (world.options.charge == ChargeAt::success) {
        charged = due;
        world.bank.charge(charged);
    } else {
        returned = task.cost - due;
        world.bank.give_back(returned);
    }
    ObjectText line;
    line.text("task", task.id).text("state", failed ? "fail" : "success").number("ended_mono_ms", task.ends.count());
    line.number("charged", charged.milli()).number("returned", returned.milli());
    world.journal.append(now, "ended", line, false);
}

}  // namespace

void settle(World& world, Moment now) {
    while (!world.endings.empty() && world.endings.top().at <= now.steady) {
        Task& task = *world.endings.top().task;
        world.endings.pop();
        settle_one(world, task, now);
    }
}

std::vector<CallbackPlan> callbacks_of(const Task& task) {
    const bool silent = has(task.faults, Fault::lost_callback) || has(task.faults, Fault::stuck) || has(task.faults, Fault::held);
    if (task.callback.empty() || silent) return {};
    const auto copies = has(task.faults, Fault::duplicate_callback) ? 3u : 1u;
    return std::vector<CallbackPlan>(copies, CallbackPlan{task.id, task.ends, has(task.faults, Fault::early_callback)});
}

std::vector<CallbackPlan> release(World& world, std::string_view prompt, Moment now, std::int64_t& released) {
    std::vector<CallbackPlan> callbacks;
    for (auto& [id, task] : world.tasks) {
        if (!has(task.faults, Fault::held) || task.prompt.find(prompt) == std::string::npos) continue;
        task.faults.reset(static_cast<std::size_t>(Fault::held));
        task.ends = now.steady;
        world.endings.push({task.ends, &task});
        ++released;
        for (auto& plan : callbacks_of(task)) callbacks.push_back(std::move(plan));
    }
    settle(world, now);
    return callbacks;
}

std::optional<std::string> our_target(const World& world, std::string_view url) {
    const auto parsed = http::parse_url(url);
    const auto base = http::parse_url(world.base);
    if (!parsed || !base) return std::nullopt;
    const bool same_loopback = http::is_loopback(parsed->origin) && http::is_loopback(base->origin) && parsed->origin.port == base->origin.port;
    if (parsed->origin != base->origin && !same_loopback) return std::nullopt;
    return parsed->target;
}

}  // namespace motionspool::simulator
