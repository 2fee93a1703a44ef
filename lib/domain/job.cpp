#include "domain/job.hpp"
#include <algorithm>
#include <array>

namespace motionspool::domain {
namespace {
using enum JobState;

constexpr std::array names{"queued", "uploading", "submitting", "uncertain", "running", "downloading", "done", "failed", "cancelled"};

constexpr std::array transitions{
    JobTransition{queued, uploading}, JobTransition{uploading, queued},                                        // bytes are sent, and have been
    JobTransition{queued, failed}, JobTransition{uploading, failed},                                           // an input is gone or changed
    JobTransition{queued, cancelled}, JobTransition{uploading, cancelled}, JobTransition{queued, submitting},  // ARMED
    JobTransition{submitting, running}, JobTransition{submitting, queued},                                     // accepted; not sent, refused for now
    JobTransition{submitting, failed}, JobTransition{submitting, uncertain},                                   // refused for good; answer lost
    JobTransition{uncertain, running}, JobTransition{uncertain, failed},                                       // evidence; written off
    JobTransition{running, downloading}, JobTransition{running, queued},                                       // succeeded; failed at no cost, once more
    JobTransition{running, failed},                                                                            // failed for good, or stuck
    JobTransition{failed, running},                                                                            // late evidence revives it
    JobTransition{downloading, done}, JobTransition{downloading, failed},                                      // delivered; broken for good
    JobTransition{uncertain, queued},                                                                          // resubmitted, at the operator's risk
    JobTransition{queued, running}, JobTransition{uploading, running},                                         // evidence for the one before, in time
    JobTransition{submitting, cancelled}, JobTransition{uncertain, cancelled},                                 // given up with --discard: what is
    JobTransition{running, cancelled}, JobTransition{downloading, cancelled},                                  //   paid for is booked, not delivered
    JobTransition{failed, queued},                                                                             // retry: what failed is paid anew,
    JobTransition{failed, downloading},                                                                        //   what was rendered is fetched again
    JobTransition{uncertain, downloading},                                                                     // the one before brought the result
    JobTransition{cancelled, running}, JobTransition{cancelled, downloading},                                  // appended again: what was paid for is
                                                                                                               //   taken up
    JobTransition{failed, cancelled},                                                                          // replaced by an appended one
};
}  // namespace

std::string_view to_string(JobState state) { return names[static_cast<std::size_t>(state)]; }

std::optional<JobState> job_state(std::string_view text) {
    const auto it = std::ranges::find(names, text);
    if (it == names.end()) return std::nullopt;
    return static_cast<JobState>(it - names.begin());
}

bool has_ended(JobState state) { return state == done || state == failed || state == cancelled; }

std::string_view to_string(Stage stage) {
    switch (stage) {
        case Stage::single: return "single";
        case Stage::draft: return "draft";
        case Stage::final: return "final";
    }
    return {};
}

std::span<const JobTransition> job_transitions() { return transitions; }

bool allowed(JobState from, JobState to) {
    return std::ranges::any_of(transitions, [&](const JobTransition& t) { return t.from == from && t.to == to; });
}

}  // namespace motionspool::domain
