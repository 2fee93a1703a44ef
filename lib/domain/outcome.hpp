#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
#include "base/credits.hpp"
#include "domain/failure_words.hpp"

// What the provider's answers mean. Sources: its public documentation and public clients (January to November 2026); where they disagree, both are read.
namespace motionspool::domain {

/// An answer as it came, before any meaning: the HTTP status and what of the JSON envelope could be read.
struct Envelope {
    int http_status = 0;      ///< 0: no status line arrived
    bool complete = false;    ///< the whole answer arrived
    bool json = false;        ///< and was a JSON object
    std::optional<int> code;  ///< the body's `code`, a number or a numeric string
    std::string message;      ///< `msg` or `message`; of a refusal all sentences, wherever they stand
    std::string task;         ///< `data.taskId`
    std::string hint;         ///< what in the answer looks like a task's id, if not as documented; or why nobody can tell
    std::string page;         ///< the body, if it is no JSON object
    std::optional<std::chrono::milliseconds> retry_after;
    std::uint64_t bytes_written = 0;  ///< of the request
    std::string trouble;              ///< if no complete answer came: why
};

/// Why a submission was turned down; each costs nothing.
enum class Refusal {
    bad_parameter,
    field_required,  ///< "This field is required": comes and goes for one and the same order
    no_upper_body,
    no_character,
    image_fetch,
    credits,
    key_limit,  ///< the key may spend no more, whatever the account holds
    key,
    forbidden,
    maintenance,
    disabled,
    edge
};

struct Accepted {
    std::string task;
};
struct Refused {
    Refusal why;
    std::string message;
};
struct SlowDown {
    std::optional<std::chrono::milliseconds> retry_after;
    std::string message;
};
struct NotSent {
    std::string why;
    bool at_home = false;  ///< this machine's trouble, not the way to the provider
    bool away = false;     ///< a folder of the service is away, which is told by itself and needs no pause
};                         ///< not one byte left: proven
struct Uncertain {
    std::string why;
};  ///< may have been accepted, and paid
using Submission = std::variant<Accepted, Refused, SlowDown, NotSent, Uncertain>;

/// What became of a createTask. Uncertain unless there is proof: an accepted task, nothing written, a code that is only ever a refusal, a whole known sentence
/// (domain/sentences.hpp), or an edge that answered in the provider's place.
[[nodiscard]] Submission judge_submission(const Envelope&);

/// What a recordInfo answer says besides its envelope.
struct Record {
    std::string state;                      ///< waiting queuing generating success fail
    std::vector<std::string> result_links;  ///< to the video, the likeliest first
    std::string result;                     ///< as it came
    std::string fail_code, fail_message;
    std::optional<Credits> consumed;
};

struct StillRunning {
    std::string state;
};
struct Succeeded {
    std::string url;  ///< to the video; where it may be one of several, one a line, the likeliest first
    std::optional<Credits> consumed;
};
struct TaskFailed {
    FailCause cause;
    std::string message;
    std::optional<Credits> consumed;
};
struct UnknownTask {};  ///< also for a short while right after createTask
struct PollTooFast {
    std::optional<std::chrono::milliseconds> retry_after;
};
struct KeyRefused {
    std::string message;
};
struct NoNews {
    std::string why;
};  ///< says nothing about the task: keep polling
using TaskNews = std::variant<StillRunning, Succeeded, TaskFailed, UnknownTask, PollTooFast, KeyRefused, NoNews>;

[[nodiscard]] TaskNews judge_poll(const Envelope&, const std::optional<Record>&);

}  // namespace motionspool::domain
