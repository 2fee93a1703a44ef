#include "domain/remedy.hpp"

namespace motionspool::domain {
namespace {

/// BATCH and JOB stand for the names.
std::string_view usual_remedy(Why why) {
    switch (why) {
        case Why::review: return "`motionspool release BATCH` lets it go, `motionspool cancel BATCH` ends it; credits.ask_above sets from where on is asked";
        case Why::hold: return "`motionspool release BATCH` lets its jobs go";
        case Why::approval: return "`motionspool approve` or `decline` answers, or a copy of the draft in _approve or _decline beside it";
        case Why::quarantine: return "`motionspool quarantine show` tells what to look at before `motionspool quarantine end`";
        case Why::pause: return "`motionspool resume` ends it";
        case Why::output:
            return "mount it, or put it back: it goes on by itself then; if it is gone for good, stop the daemon and start it once with `motionspool run "
                   "--take-over`";
        case Why::provider: return "it goes on by itself as soon as the provider answers well";
        case Why::disk: return "make room there; it goes on by itself";
        case Why::window: return "it goes on by itself when the window opens; `motionspool set BATCH window=none` lets it go at any time";
        case Why::breaker: return "if that one succeeds, the others go on by themselves; `motionspool release BATCH` lets all of them try at once";
        case Why::backoff: return "it tries again by itself";
        case Why::budget: return "it goes on by itself when the budget allows it";
        case Why::credits: return "it goes on by itself when the account holds enough; credits.keep_balance sets what is kept of it";
        case Why::running: return "it goes on by itself as tasks end; limits.running sets how many there may be";
        case Why::rate: return "it goes on by itself as places become free; limits.submissions sets how many there are";
    }
    return {};
}

}  // namespace

std::string remedy(const Blocked& blocked, std::string_view batch, std::string_view job) {
    const auto text = blocked.remedy.empty() ? std::string{usual_remedy(blocked.why)} : blocked.remedy;
    const auto address = std::string{batch} + "/" + std::string{job};
    std::string named;
    for (std::string_view rest = text; !rest.empty();) {
        const auto at = rest.find("BATCH");
        named += rest.substr(0, at);
        if (at == std::string_view::npos) break;
        rest.remove_prefix(at + 5);
        const bool whole_address = rest.starts_with("/JOB");
        named += whole_address ? address : std::string{batch};
        if (whole_address) rest.remove_prefix(4);
    }
    return named;
}

}  // namespace motionspool::domain
