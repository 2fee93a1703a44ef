#include "simulator/faults.hpp"
#include <charconv>
#include "base/text.hpp"

namespace motionspool::simulator {
namespace {

std::optional<std::uint32_t> whole_number(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// "0.05" → 50,000. Digits beyond the sixth decimal are cut off.
std::optional<std::uint32_t> millionths(std::string_view text) {
    const auto dot = std::min(text.find('.'), text.size());
    const auto whole = whole_number(text.substr(0, dot));
    if (!whole || *whole > 1) return std::nullopt;
    std::string decimals{text.substr(std::min(dot + 1, text.size()))};
    if (decimals.empty() && dot != text.size()) return std::nullopt;
    decimals.resize(6, '0');
    const auto part = whole_number(decimals);
    if (!part || (*whole == 1 && *part != 0)) return std::nullopt;
    return *whole * 1'000'000 + *part;
}

Problem unknown_fault(std::string_view name) {
    std::vector<std::string_view> names;
    for (const auto& row : fault_table()) names.push_back(row.name);
    const auto near = nearest(name, names);
    const auto hint = near.empty() ? std::string{"see `motionspool simulate --list-faults`"} : "did you mean '" + std::string{near} + "'?";
    return Problem{"there is no fault '" + std::string{name} + "'; " + hint};
}

Result<Mark> read_mark(std::string_view text) {
    const auto star = text.find('*');
    const auto name = text.substr(0, star);
    const auto fault = fault_named(name);
    if (!fault) return unknown_fault(name);
    if (star == std::string_view::npos) return Mark{*fault, std::nullopt};
    const auto times = whole_number(text.substr(star + 1));
    if (!times || *times > 1'000'000) return Problem{"[sim:" + std::string{text} + "] has no number after its star; expected e.g. [sim:poll-500*2]"};
    return Mark{*fault, static_cast<int>(*times)};
}

}  // namespace

Result<Frequency> parse_frequency(std::string_view text) {
    if (text.starts_with("every:")) {
        const auto every = whole_number(text.substr(6));
        if (!every || *every == 0) return Problem{"'" + std::string{text} + "' is no frequency; expected every:N with N of at least 1"};
        return Frequency{.per_million = 0, .every = *every};
    }
    const auto rate = millionths(text);
    if (!rate) return Problem{"'" + std::string{text} + "' is no frequency; expected a rate from 0 to 1, e.g. 0.05, or every:10"};
    return Frequency{.per_million = *rate, .every = 0};
}

Result<std::pair<Fault, Frequency>> parse_fault(std::string_view text) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
        return Problem{"'" + std::string{text} + "' names no frequency; expected NAME=RATE, e.g. lost-answer=0.05 or 504=every:10"};
    const auto fault = fault_named(text.substr(0, equals));
    if (!fault) return unknown_fault(text.substr(0, equals));
    const auto frequency = parse_frequency(text.substr(equals + 1));
    if (!frequency) return frequency.problem();
    return std::pair{*fault, *frequency};
}

Result<std::vector<Mark>> read_marks(std::string_view prompt) {
    static constexpr std::string_view opening = "[sim:";
    std::vector<Mark> marks;
    for (auto at = prompt.find(opening); at != std::string_view::npos; at = prompt.find(opening, at + 1)) {
        const auto end = prompt.find(']', at);
        if (end == std::string_view::npos) return Problem{"a [sim: in the prompt has no closing bracket"};
        auto mark = read_mark(prompt.substr(at + opening.size(), end - at - opening.size()));
        if (!mark) return mark.problem();
        marks.push_back(*mark);
    }
    return marks;
}

void FaultPlan::set(Fault fault, Frequency frequency) {
    frequencies_[static_cast<std::size_t>(fault)] = frequency;
    occasions_[static_cast<std::size_t>(fault)] = 0;
}

bool FaultPlan::strikes(Fault fault) {
    const auto& frequency = frequencies_[static_cast<std::size_t>(fault)];
    if (frequency.every > 0) return ++occasions_[static_cast<std::size_t>(fault)] % frequency.every == 0;
    return frequency.per_million > 0 && dice(1'000'000) < frequency.per_million;
}

FaultSet FaultPlan::draw(Stage stage) {
    FaultSet drawn;
    for (const auto& row : fault_table()) {
        if (row.stage == stage && strikes(row.fault)) drawn.set(static_cast<std::size_t>(row.fault));
    }
    return drawn;
}

FaultSet FaultPlan::draw(Stage stage, std::span<const Mark> marks, std::map<Fault, int>& used) {
    auto drawn = draw(stage);
    for (const auto& mark : marks) {
        if (row_of(mark.fault).stage != stage) continue;
        if (!mark.times || used[mark.fault]++ < *mark.times) drawn.set(static_cast<std::size_t>(mark.fault));
    }
    return drawn;
}

std::optional<Fault> first_of(const FaultSet& set) {
    for (const auto& row : fault_table()) {
        if (has(set, row.fault)) return row.fault;
    }
    return std::nullopt;
}

}  // namespace motionspool::simulator
