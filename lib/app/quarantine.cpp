#include "app/quarantine.hpp"
#include "app/tariff.hpp"
#include "base/text.hpp"
#include "system/log.hpp"

namespace motionspool::app {
namespace {
constexpr std::size_t most_named = 20;
constexpr const char* unbooked =
    "What was spent since then is missing from every budget here, today's and this month's, too: lower credits.per_day and credits.per_month by it meanwhile, "
    "if they must hold.\n";

/// The jobs that ending it lets go, one a line, and how many more.
std::string who_would_go(store::Store& store, const config::Config& config) {
    store::JobFilter filter;
    filter.state = "queued";
    const auto jobs = store.views.jobs(filter);
    if (jobs.empty()) return "No job of this database is queued.\n";
    Credits sum;
    const auto tariff = tariff_of(config, store);
    for (const auto& job : jobs) sum += price_of(job, tariff);
    std::string text = count_of(jobs.size(), "job") + " of this database would be submitted, about " + in_words(sum) + ":\n";
    for (std::size_t n = 0; n < std::min(jobs.size(), most_named); n++)
        text += "  " + jobs[n].batch + "/" + jobs[n].job + ", " + in_words(price_of(jobs[n], tariff)) + "\n";
    if (jobs.size() > most_named) text += "  and " + std::to_string(jobs.size() - most_named) + " more (`motionspool jobs --state queued`)\n";
    return text;
}

}  // namespace

std::string quarantine_text(store::Store& store, const config::Config& config, const std::optional<std::string>& ahead) {
    const auto reason = store.notes.fact("quarantine");
    if (!reason && ahead) {
        return "The daemon does not run, and its next start is in quarantine: " + *ahead +
               ".\nThen tasks are followed, videos delivered, and nothing is submitted until `motionspool quarantine end`.\n" + who_would_go(store, config);
    }
    if (!reason) return "There is no quarantine: the database knows of every submission the money side-files know of.\n";
    return "Quarantine: " + *reason + ".\nTasks are followed, videos delivered, and nothing is submitted.\n" +
           "Jobs that were submitted after this database was saved may exist at the provider: finished, paid for, and unknown here. " +
           "They would be paid for again. Look at the provider's log since then, and `motionspool cancel` here what it has already rendered.\n" +
           std::string{unbooked} +
           "Drops that were accepted since then lie in accepted/ or finished/ and are unknown here, too; drop them again if they are still wanted.\n" +
           who_would_go(store, config) + "`motionspool quarantine end` lets them go.\n";
}

Quarantine::Quarantine(const config::Config& config, Witness& witness, store::Store& store) : config_{config}, witness_{witness}, store_{store} {}

std::string Quarantine::show() { return quarantine_text(store_, config_); }

Result<std::string> Quarantine::end() {
    const auto reason = store_.notes.fact("quarantine");
    if (!reason) return Problem{"there is no quarantine to end"};
    const auto queued = who_would_go(store_, config_);
    if (const auto accepted = witness_.accept_database(); !accepted) return accepted.problem();
    store_.attempts.skip_to(witness_.highest());
    store_.notes.forget_fact("quarantine");
    log::warn("the quarantine was ended ({}); submissions are counted on from {}", *reason, witness_.highest().value());
    ended();
    return "The quarantine is over; submissions are counted on from number " + std::to_string(witness_.highest().value()) +
           ".\nWhat was submitted after this database was saved is not known here and is paid for again if it is among these:\n" + queued + unbooked;
}

}  // namespace motionspool::app
