#include "domain/waiting.hpp"
#include "base/text.hpp"

namespace motionspool::domain {
namespace {
std::string in_gigabytes(std::uint64_t bytes) {
    const auto tenths = bytes / 100'000'000;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " GB";
}
}  // namespace

std::string words_for_review() { return "the batch is estimated above credits.ask_above; `motionspool release` lets it go on"; }

std::string words_for_hold(bool batch) { return std::string{batch ? "the batch is" : "the job is"} + " held; `motionspool release` lets it go on"; }

std::string words_for(const Shut& window) { return "the window " + window.name + " opens " + window.opens_at; }

std::string words_for(const Held& held) {
    const auto failures =
        count_of(static_cast<std::size_t>(held.tripped.failures), "job") + " in a row with the same " + held.what + " failed (" + held.tripped.cause + "); ";
    return failures + (held.trial_runs ? "one is being tried" : "then one tries; `motionspool release` lifts it");
}

std::string words_for(const Purse& purse, Credits price) {
    const auto reserved = purse.reserved + purse.entering;
    const auto left = std::max(purse.left(), Credits{});
    return purse.what + " of " + in_words(purse.limit) + " has " + to_string(left) + " left (" + to_string(purse.spent) + " spent, " + to_string(reserved) +
           " reserved); the job is estimated at " + to_string(price);
}

std::string words_for_surcharge(int permille) {
    return "; estimates are raised to " + std::to_string((permille + 9) / 10) + " % since a video has cost that, until three have cost less";
}

std::string words_for(const LowDisk& low) {
    return low.where + " has " + in_gigabytes(low.free) + " free, less than the " + in_gigabytes(low.keep) + " of output.keep_free";
}

std::string words_for(const Funds& funds, Credits price) {
    const auto keep = funds.keep > Credits{} ? ", " + to_string(funds.keep) + " of which are kept (credits.keep_balance)" : "";
    if (!funds.available) return "the account's balance cannot be read, and credits.keep_balance is " + to_string(funds.keep);
    return "the account has " + in_words(*funds.available - funds.entering) + " left for new jobs" + keep + "; the next one is estimated at " +
           to_string(price) + "; top it up, work goes on by itself";
}

}  // namespace motionspool::domain
