#include "domain/remedy.hpp"

namespace motionspool::domain {

std::string_view remedy(Why why) {
    switch (why) {
        case Why::review: return "`motionspool release BATCH` lets it go, `motionspool cancel BATCH` ends it; credits.ask_above sets from where on is asked";
        case Why::hold: return "`motionspool release` lets it go";
        case Why::approval: return "`motionspool approve` or `decline` answers, or a copy of the draft in _approve or _decline beside it";
        case Why::quarantine: return "`motionspool quarantine show` tells what to look at before `motionspool quarantine end`";
        case Why::pause: return "`motionspool resume` ends it";
        case Why::provider: return "it goes on by itself as soon as the provider answers well";
        case Why::disk: return "make room there; it goes on by itself";
        case Why::window: return "it goes on by itself when the window opens; `motionspool set BATCH window=none` lets it go at any time";
        case Why::breaker: return "one of them tries by itself now and then; `motionspool release` lets all try at once";
        case Why::backoff: return "it tries again by itself";
        case Why::budget: return "it goes on by itself when the budget allows it; `motionspool set BATCH budget=CREDITS` changes a batch's";
        case Why::credits: return "top the account up; it goes on by itself";
        case Why::running: return "it goes on by itself as tasks end; limits.running sets how many there may be";
        case Why::rate: return "it goes on by itself as places become free; limits.submissions sets how many there are";
    }
    return {};
}

}  // namespace motionspool::domain
