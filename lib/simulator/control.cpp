#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include "simulator/answers.hpp"

namespace motionspool::simulator {
namespace {
namespace json = boost::json;

std::optional<json::object> object_in(const std::string& body) {
    boost::system::error_code error;
    auto value = json::parse(body, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

Planned refused(std::string_view why) { return json_answer(400, ObjectText{}.text("error", why).str()); }

std::optional<Credits> amount(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(json::string_view{key.data(), key.size()});
    return value != nullptr && value->is_number() ? parse_credits(json::serialize(*value)) : std::nullopt;
}

Result<Frequency> frequency_of(const json::value& value) {
    if (value.is_string()) return parse_frequency({value.get_string().data(), value.get_string().size()});
    const double rate = value.is_number() ? value.to_number<double>() : -1;
    if (!(rate >= 0 && rate <= 1)) return Problem{json::serialize(value) + " is no frequency; expected a rate from 0 to 1, or \"every:10\""};
    return Frequency{.per_million = static_cast<std::uint32_t>(std::lround(rate * 1'000'000)), .every = 0};
}

}  // namespace

Planned control_balance(World& world, Visit& visit) {
    const auto body = object_in(visit.body);
    const auto more = body ? amount(*body, "credits") : std::nullopt;
    const auto exact = body ? amount(*body, "balance") : std::nullopt;
    if (!more && !exact) return refused(R"(expected {"credits": N} to add credits, or {"balance": N} to have exactly so many)");
    world.bank.top_up(more ? *more : *exact - world.bank.balance());
    return json_answer(200, ObjectText{}.credits("balance", world.bank.balance()).str());
}

Planned control_faults(World& world, Visit& visit) {
    const auto body = object_in(visit.body);
    if (!body) return refused(R"(expected e.g. {"lost-answer": 0.05, "504": "every:10", "stuck": 0})");
    std::vector<std::pair<Fault, Frequency>> wanted;
    for (const auto& entry : *body) {
        const std::string_view name{entry.key().data(), entry.key().size()};
        const auto fault = fault_named(name);
        if (!fault) return refused("there is no fault '" + std::string{name} + "'; see `motionspool simulate --list-faults`");
        const auto frequency = frequency_of(entry.value());
        if (!frequency) return refused(frequency.problem().text);
        wanted.emplace_back(*fault, *frequency);
    }
    for (const auto& [fault, frequency] : wanted) world.plan.set(fault, frequency);
    return json_answer(200, "{}");
}

Planned control_release(World& world, Visit& visit) {
    const auto body = object_in(visit.body);
    const auto* prompt = body ? body->if_contains("prompt") : nullptr;
    if (!body || body->size() != (prompt == nullptr ? 0u : 1u) || (prompt != nullptr && !prompt->is_string()))
        return refused(R"(expected {} to end every held task and send every held answer, or {"prompt": TEXT} to end the tasks with that text in their prompt)");
    std::int64_t released = 0;
    auto callbacks = release(world, prompt != nullptr ? std::string_view{prompt->get_string()} : std::string_view{}, visit.now, released);
    auto planned = json_answer(200, ObjectText{}.number("released", released).str());
    planned.callbacks = std::move(callbacks);
    planned.releases = prompt == nullptr;
    return planned;
}

Planned control_state(World& world, Visit&) {
    const auto& totals = world.totals;
    const auto created = static_cast<std::int64_t>(world.tasks.size());
    ObjectText state;
    state.number("requests", totals.requests).number("created", created).number("succeeded", totals.succeeded).number("failed", totals.failed);
    state.number("tasks", created - totals.succeeded - totals.failed).number("throttled", totals.throttled);
    state.number("peak_submissions", static_cast<std::int64_t>(world.submissions.peak()));
    state.number("polls", totals.polls).number("peak_polls", static_cast<std::int64_t>(world.polls.peak()));
    state.credits("balance", world.bank.balance()).credits("charged", world.bank.charged()).credits("returned", world.bank.returned());
    state.credits("topped_up", world.bank.topped_up());
    state.number("uploads", totals.uploads).number("uploaded_bytes", totals.uploaded_bytes);
    state.number("downloads", totals.downloads).number("downloads_with_key", totals.downloads_with_key).number("callbacks", totals.callbacks);
    return json_answer(200, state.str());
}

}  // namespace motionspool::simulator
