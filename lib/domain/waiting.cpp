#include "domain/waiting.hpp"
#include "base/text.hpp"

namespace motionspool::domain {
namespace {
std::string in_gigabytes(std::uint64_t bytes) {
    const auto tenths = bytes / 100'000'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}
}  // namespace

std::string words_for_review(const Terms& terms) {
    if (terms.ask_above == Credits{}) return "the batch was estimated above credits.ask_above";
    if (terms.estimate <= terms.ask_above)
        return "the batch was estimated above credits.ask_above when it was accepted or more was appended; what is left of it is estimated at " +
               in_words(terms.estimate) + " (the limit is " + to_string(terms.ask_above) + " now)";
    return "the batch is estimated at " + to_string(terms.estimate) + " credits, above credits.ask_above (" + to_string(terms.ask_above) + ")";
}

std::string words_for_hold(bool batch) { return std::string{batch ? "the batch" : "the job"} + " is held"; }

std::string words_for(const Shut& window) { return "the window " + window.name + " opens " + window.opens_at; }

std::string words_for(const Held& held) {
    const auto name = held.name.empty() ? "" : " " + held.name;
    const auto failed = "the last " + count_of(static_cast<std::size_t>(held.tripped.failures), "try", "tries") + " with the " + held.what + name +
                        " failed (" + held.tripped.cause + "); ";
    if (held.trial_runs) return failed + "one job is trying now";
    return failed + "one job tries " + to_words(held.probe_after) + " after the last failure (limits.breaker.probe_after)";
}

std::string words_for(const Purse& purse, Credits price) {
    const auto reserved = purse.reserved + purse.entering;
    const auto left = std::max(purse.left(), Credits{});
    return purse.what + " of " + in_words(purse.limit) + " has " + to_string(left) + " left (" + to_string(purse.spent) + " spent, " + to_string(reserved) +
           " reserved); the job is estimated at " + to_string(price);
}

std::string remedy_for(const Purse& purse, Credits price) {
    if (price > purse.limit) return "no job of this price ever fits; raise it: " + purse.raised_by;
    if (purse.renews) return "it goes on by itself when the budget is a new one; " + purse.raised_by + " raises it";
    const bool open = purse.reserved + purse.entering > Credits{};
    return (open ? "it goes on by itself only if what runs costs less than was reserved for it; " : "nothing of it comes back; ") + purse.raised_by +
           " raises it";
}

std::string words_for(const Dispute& clocks) {
    const auto moment = [](Instant at) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); };
    return "this machine's clock says " + moment(clocks.wall) + " and the provider's says " + moment(clocks.provider) +
           "; they are more than 26 hours apart, so nobody knows which day's budget counts";
}

std::string words_for_running(std::size_t tasks, std::size_t limit) {
    return std::to_string(tasks) + " of " + std::to_string(limit) + (limit == 1 ? " task is running" : " tasks are running");
}

std::string words_for_lost(const World& world, BootTime now) {
    const auto tasks = world.running + world.entering;
    const auto running = (tasks == 0 ? std::string{"no task"} : count_of(tasks, "task")) + (tasks > 1 ? " are running and " : " is running and ");
    const auto may = std::to_string(world.lost) + (tasks == 0 ? "" : " more") + " may be, as " +
                     (world.lost == 1 ? "no clear answer came to its submission" : "no clear answers came to their submissions");
    const auto left = world.lost_until ? to_words(std::max(*world.lost_until - now, std::chrono::milliseconds{0})) : std::string{};
    const auto until = left.empty() ? "" : (world.lost == 1 ? ", that one for " : ", the first of those for ") + left + " at most";
    return running + may + "; they take " + std::to_string(tasks + world.lost) + " of " + count_of(*world.limit, "place") + until;
}

std::string words_for(const KeyDoubt& doubt) {
    const auto tasks = doubt.tasks == 1 ? "does not know the one task" : "knows none of the " + std::to_string(doubt.tasks) + " tasks";
    return "the provider " + tasks + " it is asked about" + (doubt.own ? ", though this very key made them" : "; the API key is probably another account's");
}

std::string words_for_places(std::size_t under_way) {
    return count_of(under_way, "submission is", "submissions are") +
           " under way, and no more answers could be kept in the money side-file; the next one follows theirs";
}

std::string words_for_raise(Credits configured) {
    return "; credits.per_second and credits.minimum make it " + to_string(configured) +
           ", but videos have cost more, which counts until three in a row cost less";
}

std::string words_for(const Away& away) { return away.folder + " " + away.directory + " is away; is it not mounted?"; }

std::string words_for(const LowDisk& low) {
    return low.where + " has " + in_gigabytes(low.free) + " free, less than the " + in_gigabytes(low.keep) + " of output.keep_free";
}

std::string words_for(const Funds& funds, Credits price, const std::string& raised) {
    const auto keep = funds.keep > Credits{} ? ", " + to_string(funds.keep) + " of which are kept (credits.keep_balance)" : "";
    if (!funds.available) return "the account's balance cannot be read, and credits.keep_balance is " + to_string(funds.keep);
    return "the account has " + in_words(*funds.available - funds.entering) + " left for new jobs" + keep + "; the next one is estimated at " +
           to_string(price) + raised + "; top it up";
}

}  // namespace motionspool::domain
