#include "domain/batch_status.hpp"
#include <algorithm>
#include "domain/overview.hpp"
#include "domain/report.hpp"

namespace motionspool::domain {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t enough_ends = 3;
constexpr auto lately = 1h;

BatchTotals totals(const BatchStatus& status) {
    BatchTotals sum;
    for (const auto& [state, count] : status.counts) {
        if (state == JobState::done)
            sum.done += count;
        else if (state == JobState::failed)
            sum.failed += count;
        else if (state == JobState::cancelled)
            sum.cancelled += count;
        else
            sum.open += count;
    }
    return sum;
}

std::string first_line(const BatchStatus& status, const BatchTotals& sum) {
    auto text = status.batch + ": " + std::to_string(sum.done) + " of " + std::to_string(sum.done + sum.failed + sum.cancelled + sum.open) + " done";
    if (sum.failed > 0) text += ", " + std::to_string(sum.failed) + " failed";
    if (sum.cancelled > 0) text += ", " + std::to_string(sum.cancelled) + " cancelled";
    if (sum.open > 0) text += ", " + std::to_string(sum.open) + " to go";
    return text + "\n";
}

std::string money_line(const BatchStatus& status) {
    auto text = "credits: " + to_string(status.spent) + " spent, " + to_string(status.reserved) + " reserved for what runs";
    if (status.budget) text += ", of a budget of " + to_string(*status.budget);
    return text + "\n";
}

}  // namespace

std::string to_text(const BatchStatus& status) {
    const auto sum = totals(status);
    auto text = first_line(status, sum);
    if (!status.note.empty()) text += "note: " + status.note + "\n";
    for (const auto& remark : status.remarks) text += "attention: " + remark + "\n";
    text += "videos: " + status.videos + "\n" + money_line(status);
    if (sum.open > 0) {
        auto under_way = status.counts;
        for (const auto over : {JobState::done, JobState::failed, JobState::cancelled}) under_way.erase(over);
        text += "to go: " + in_words(under_way) + "\n";
        for (const auto& wait : status.waits) text += "waits for " + wait + "\n";
        text += "expected end: " + (status.end.empty() ? "not known yet" : status.end) + "\n";
    }
    if (status.counts.contains(JobState::uncertain))
        text += "uncertain: no clear answer came from the provider, so the video may or may not be on its way; whoever keeps the server can find out\n";
    if (sum.failed > 0) text += "\nfailed:\n";
    for (const auto& failure : status.failures) text += "  " + failure.job + ": " + failure_in_words({.name = failure.job, .error = failure.error}) + "\n";
    if (sum.failed > status.failures.size()) text += "  and " + std::to_string(sum.failed - status.failures.size()) + " more\n";
    return text + (sum.failed > 0 ? "\n" : "");
}

std::optional<Instant> expected_end(std::size_t open, std::span<const Instant> ends, Instant now) {
    std::vector<Instant> recent;
    std::ranges::copy_if(ends, std::back_inserter(recent), [&](Instant end) { return end <= now && end > now - lately; });
    if (recent.size() < enough_ends) return std::nullopt;
    const auto took = now - *std::ranges::min_element(recent);
    return now + took * static_cast<std::int64_t>(open) / static_cast<std::int64_t>(recent.size());
}

std::string folder_of_videos(const std::string& directory, const std::string& shown_as, const std::string& name, const std::string& batch) {
    auto folder = name.substr(0, std::min(name.find("{job}"), name.find("{date}")));
    folder.resize(folder.rfind('/') == std::string::npos ? 0 : folder.rfind('/'));
    const std::string placeholder = "{batch}";
    for (auto at = folder.find(placeholder); at != std::string::npos; at = folder.find(placeholder, at + batch.size()))
        folder.replace(at, placeholder.size(), batch);
    auto whole = shown_as.empty() ? directory : shown_as;
    const char separator = whole.find('\\') != std::string::npos ? '\\' : '/';
    std::ranges::replace(folder, '/', separator);
    while (whole.size() > 1 && whole.back() == separator) whole.pop_back();
    return folder.empty() ? whole : whole + separator + folder;
}

}  // namespace motionspool::domain
