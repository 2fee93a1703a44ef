#include <algorithm>
#include <cstdio>
#include "simulator/mp4_length.hpp"
#include "simulator/order.hpp"
#include "simulator/refusals.hpp"

namespace motionspool::simulator {
namespace {

constexpr milliseconds length_of_strangers{5000};  ///< of a motion that was not uploaded here

/// What an input's URL leads to. A URL of another place is not fetched.
struct Input {
    ContentPtr content;
    bool missing = false;  ///< it should lie under our own /files/ and does not
};

Input find_input(const World& world, const std::string& url, Moment now) {
    const auto target = our_target(world, url);
    static constexpr std::string_view folder = "/files/";
    if (!target || !target->starts_with(folder)) return {};
    const auto path = percent_decoded(split_target(*target).path.substr(folder.size()));
    const auto found = path ? world.uploads.find(*path) : world.uploads.end();
    if (found == world.uploads.end() || now.steady >= found->second.at + world.options.upload_ttl) return {nullptr, true};
    return {found->second.content, false};
}

std::string new_id(World& world, Moment now) {
    if (world.options.task_ids == TaskIds::named) {
        world.last_named_id = std::max(world.last_named_id + 1, now.wall.time_since_epoch().count());
        return "task_kling-2.6_" + std::to_string(world.last_named_id);
    }
    // The time comes first, so that ids never meet those of an earlier run with the same seed.
    char text[33];
    std::snprintf(text, sizeof text, "%012llx%05llx%015llx", static_cast<unsigned long long>(now.wall.time_since_epoch().count()) & 0xffff'ffff'ffffULL,
                  static_cast<unsigned long long>(world.plan.dice(1ULL << 20)), static_cast<unsigned long long>(world.plan.dice(1ULL << 60)));
    return text;
}

milliseconds drawn_from(const Span& span, FaultPlan& plan) {
    return span.least + milliseconds{static_cast<std::int64_t>(plan.dice(static_cast<std::uint64_t>((span.most - span.least).count()) + 1))};
}

void note_order(Note& note, const Order& order) {
    note.more.text("callback_token", order.callback.substr(order.callback.rfind('/') + 1));
    note.more.text("prompt", order.prompt).text("image", order.image).text("motion", order.motion);
    note.more.text("mode", order.mode).text("orientation", order.orientation);
}

Credits price_of(const World& world, const Order& order, const Input& motion) {
    const auto length = motion.content ? motion.content->length().value_or(length_of_strangers) : length_of_strangers;
    const auto& is = world.options;
    if (order.mode == "1080p") return std::max(is.price_1080p * paid_seconds(length), is.minimum_1080p);
    return std::max(is.price_720p * paid_seconds(length), is.minimum_720p);
}

milliseconds end_of(World& world, const Task& task) {
    if (has(task.faults, Fault::early_callback)) return task.arrived;
    const auto takes = drawn_from(world.options.duration, world.plan);
    return task.arrived + takes * (has(task.faults, Fault::slow_task) ? 10 : 1);
}

/// Notes the task, takes its money, and settles when it will end.
Task& accept(World& world, Visit& visit, Task task) {
    task.id = new_id(world, visit.now);
    task.param = visit.body;
    task.arrived = visit.now.steady;
    task.created = visit.now.wall;
    task.ends = end_of(world, task);
    const bool charged = world.options.charge == ChargeAt::create;
    if (charged) world.bank.charge(task.cost);
    visit.note.more.flag("accepted", true).text("task", task.id).number("charged", charged ? task.cost.milli() : 0);
    visit.note.durable = true;
    auto id = task.id;
    Task& kept = world.tasks.insert_or_assign(std::move(id), std::move(task)).first->second;
    if (!has(kept.faults, Fault::stuck) && !has(kept.faults, Fault::held)) world.endings.push({kept.ends, &kept});
    return kept;
}

/// The faults that accompany a task from its beginning.
FaultSet fate(World& world, std::span<const Mark> marks, std::map<Fault, int>& used, bool input_missing) {
    auto faults = world.plan.draw(Stage::task, marks, used) | world.plan.draw(Stage::callback, marks, used);
    if (input_missing && world.options.missing_inputs_fail) faults.set(static_cast<std::size_t>(Fault::fail_image_fetch));
    return faults;
}

Planned good_order(World& world, Visit& visit, const Order& order) {
    const auto marks = read_marks(order.prompt);
    if (!marks) return coded_answer(world, visit, 500, "server exception: " + marks.problem().text);
    auto& used = world.marks_used[marks->empty() ? std::string{} : order.prompt];
    const auto refusal = note_fault(visit.note, world.plan.draw(Stage::refusal, *marks, used));
    if (refusal) return refused_by(*refusal, world, visit);

    const auto image = find_input(world, order.image, visit.now);
    const auto motion = find_input(world, order.motion, visit.now);
    Task task;
    task.prompt = order.prompt;
    task.callback = order.callback;
    task.marks = *marks;
    task.result = motion.content ? motion.content : world.clip;
    task.cost = price_of(world, order, motion);
    if (task.cost > world.bank.balance()) return coded_answer(world, visit, world.options.credits_error, insufficient);
    task.faults = fate(world, *marks, used, image.missing || motion.missing);
    if (has(task.faults, Fault::overcharge)) task.cost = Credits::from_milli(task.cost.milli() * 3 / 2);

    const auto& accepted = accept(world, visit, std::move(task));
    auto good = success_answer(world, visit, ObjectText{}.text("taskId", accepted.id).str());
    good.callbacks = callbacks_of(accepted);
    const auto spoiled = note_fault(visit.note, world.plan.draw(Stage::answer, *marks, used));
    if (spoiled) return spoiled_by(*spoiled, std::move(good), accepted.id, world, visit);
    note_fault(visit.note, accepted.faults);
    return good;
}

}  // namespace

Planned create_task(World& world, Visit& visit) {
    const bool passes = world.submissions.arrive(visit.now.steady);
    visit.note.more.number("window", static_cast<std::int64_t>(world.submissions.count()));
    const auto read = read_order(visit.body, world.options.model);
    const auto* order = std::get_if<Order>(&read);
    if (order != nullptr) note_order(visit.note, *order);
    auto planned = [&] {
        if (!passes) {
            ++world.totals.throttled;
            return coded_answer(world, visit, 429, too_frequent);
        }
        if (order != nullptr) return good_order(world, visit, *order);
        const auto& refusal = std::get<Refusal>(read);
        return coded_answer(world, visit, refusal.code, refusal.text);
    }();
    if (!visit.note.durable) visit.note.more.flag("accepted", false);
    return planned;
}

}  // namespace motionspool::simulator
