#include "domain/overview.hpp"
#include "base/text.hpp"
#include "domain/waiting.hpp"

namespace motionspool::domain {
namespace {

std::string tasks_line(const Overview& o) {
    auto text = "tasks at the provider: " + std::to_string(o.tasks);
    if (o.limit && o.places == o.tasks) text += " of " + std::to_string(*o.limit);
    return text + "\n";
}

std::string unknown_line(const Overview& o) {
    if (o.unknown == 0) return {};
    return "tasks the provider does not know: " + std::to_string(o.unknown) + "; `motionspool jobs --state running` lists them, `show` tells more\n";
}

std::string uncertain_line(const Overview& o) {
    if (o.uncertain == 0) return {};
    auto text = "uncertain submissions: " + std::to_string(o.uncertain) + "; each may be a task, too, keeps its credits reserved, and needs a person" +
                (o.callbacks ? " unless its callback comes" : "");
    if (o.limit && o.places != o.tasks) text += "\nplaces taken by both: " + std::to_string(o.places) + " of " + std::to_string(*o.limit) + " (limits.running)";
    return text + "\n";
}

/// In whole seconds.
std::string moment(Instant at) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); }

std::string waiting_line(const Overview& o) {
    std::string text;
    for (const auto& [why, n] : o.waiting) text += (text.empty() ? "" : ", ") + std::to_string(n) + " for " + std::string{to_string(why)};
    if (o.next > 0) text += (text.empty() ? "" : ", ") + std::to_string(o.next) + " for their turn";
    if (text.empty()) return {};
    std::size_t told = o.next;
    for (const auto& [why, n] : o.waiting) told += n;
    const auto queued = o.counts.find(JobState::queued);
    const bool all = queued == o.counts.end() || queued->second <= told;
    return (all ? std::string{"waiting: "} : "waiting, of the first " + std::to_string(told) + ": ") + text + "\n";
}

std::string account_line(const Overview& o) {
    if (!o.balance) return {};
    const auto when = o.balance_read ? " at " + moment(*o.balance_read) : "";
    return "the account held " + to_string(*o.balance) + " credits" + when + (o.available ? ", " + to_string(*o.available) + " of them for new jobs" : "") +
           "\n";
}

std::string budget_line(const BudgetUse& use) {
    const auto limit = use.limit ? " of " + to_string(*use.limit) + " (" + use.key + ")" : "";
    return use.what + ": " + to_string(use.spent) + " credits spent, " + to_string(use.reserved) + " reserved" + limit + "\n";
}

std::string spool_line(const LostSpool& lost) {
    return "the spool " + lost.directory + " is gone" + (lost.since ? " since " + moment(*lost.since) : "") +
           "; is it not mounted? Nothing is taken until it is back; a daemon that runs already goes on with what is recorded, one that starts waits\n";
}

}  // namespace

std::string in_words(const std::map<JobState, std::size_t>& counts) {
    std::string text;
    for (const auto& [state, n] : counts) text += (text.empty() ? "" : ", ") + std::to_string(n) + " " + std::string{to_string(state)};
    return text;
}

std::string to_text(const Overview& o) {
    std::size_t jobs = 0;
    for (const auto& [state, n] : o.counts) jobs += n;
    auto text = jobs == 0 ? "no jobs yet\n" : count_of(jobs, "job") + ": " + in_words(o.counts) + "\n";
    if (o.lost_spool) text += spool_line(*o.lost_spool);
    text += waiting_line(o) + tasks_line(o) + unknown_line(o) + uncertain_line(o);
    text += "credits: " + to_string(o.spent) + " spent in all, " + to_string(o.reserved) + " reserved\n";
    text += account_line(o);
    for (const auto& use : o.budgets) text += budget_line(use);
    if (o.clocks) text += words_for(*o.clocks) + "; jobs with such a budget wait\n";
    if (o.waits) text += "submissions wait for " + o.waits->first + ": " + o.waits->second + (o.remedy.empty() ? "" : "; " + o.remedy) + "\n";
    return text;
}

std::string status_file(const std::string& instance, const Overview& o, Instant now) {
    return "motionspool on " + instance + "\nrunning, as of " + moment(now) + " (written every minute: if that is long ago, it does not run)\n\n" + to_text(o);
}

std::string stopped_status_file(const std::string& instance, const Overview& o, Instant since) {
    return "motionspool on " + instance + "\nnot running since " + moment(since) +
           "; whatever is dropped into incoming/ waits there until it is started again\n\n" + to_text(o);
}

}  // namespace motionspool::domain
