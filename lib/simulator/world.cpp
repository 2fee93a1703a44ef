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

std::optional<std::string> our_target(const World& world, std::string_view url) {
    const auto parsed = http::parse_url(url);
    const auto base = http::parse_url(world.base);
    if (!parsed || !base) return std::nullopt;
    const bool same_loopback = http::is_loopback(parsed->origin) && http::is_loopback(base->origin) && parsed->origin.port == base->origin.port;
    if (parsed->origin != base->origin && !same_loopback) return std::nullopt;
    return parsed->target;
}

}  // namespace motionspool::simulator
