#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>
#include "base/credits.hpp"
#include "base/result.hpp"
#include "simulator/faults.hpp"
#include "simulator/moment.hpp"

namespace motionspool::simulator {

/// A span of durations, from which each one is drawn evenly.
struct Span {
    milliseconds least{0}, most{0};
    friend bool operator==(const Span&, const Span&) = default;
};
/// At most `count` arrivals in any `window`.
struct Rate {
    std::size_t count = 0;
    milliseconds window{0};
    friend bool operator==(const Rate&, const Rate&) = default;
};

/// "2s..6s" or "100ms".
[[nodiscard]] Result<Span> parse_span(std::string_view);
/// "20 per 10s"; "none" is no limit.
[[nodiscard]] Result<std::optional<Rate>> parse_rate(std::string_view);

/// When a task's price leaves the balance: at createTask (and comes back if the task fails), or with the success.
enum class ChargeAt { create, success };
/// recordInfo's `resultJson`: a JSON string, or an object.
enum class ResultJson { string, object };
/// What a field of recordInfo without a value is.
enum class EmptyAs { text, null, absent };
/// How recordInfo tells the price: `creditsConsumed` (newer), `consumeCredits` (older), `creditsConsumed` as a numeric string, or not at all.
enum class ConsumedAs { newer, older, string, absent };
/// An upload's answer: `downloadUrl`, or `fileUrl` with `expiresAt`.
enum class UploadShape { download, file };
/// "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c" or "task_kling-2.6_1767693973938".
enum class TaskIds { hex, named };
/// The text key of an answer: `msg` or `message`; and whether `code` is a number or a string.
enum class TextKey { msg, message };
enum class CodeAs { number, string };

/// How this stand-in reads the things on which the sources disagree, and how it behaves. kie-api facts: documented defaults come first.
struct Options {
    std::string model = "kling-2.6/motion-control";
    Span duration{milliseconds{2000}, milliseconds{6000}};  ///< of a task
    Span latency{};                                         ///< of every answer
    milliseconds slow_answer{5000};                         ///< fault slow-answer: so much later than `latency` says
    milliseconds null_for{0};                               ///< after createTask recordInfo says "recordInfo is null" for so long
    Credits balance = Credits::whole(100'000);
    Credits price_720p = Credits::whole(11), price_1080p = Credits::whole(18);  ///< a started second of the motion
    Credits minimum_720p, minimum_1080p;                                        ///< a task costs at least
    std::optional<Rate> rate = Rate{20, milliseconds{10'000}};                  ///< of createTask
    std::optional<Rate> polls;                                                  ///< of recordInfo
    std::string key;                                                            ///< the only good API key; empty: any
    std::string webhook_key;                                                    ///< signs callbacks; empty: unsigned
    std::optional<std::uint64_t> seed;                                          ///< none: every run differs
    std::vector<std::pair<Fault, Frequency>> faults;
    bool real_http_codes = false;  ///< an error's code is also the HTTP status
    ChargeAt charge = ChargeAt::create;
    ResultJson result_json = ResultJson::string;
    EmptyAs empty_as = EmptyAs::text;
    ConsumedAs consumed = ConsumedAs::newer;
    UploadShape upload_shape = UploadShape::download;
    TaskIds task_ids = TaskIds::hex;
    TextKey text_key = TextKey::msg;
    CodeAs code_as = CodeAs::number;
    int credits_error = 402;                                 ///< 402 or 500: the code of "Credits insufficient"
    bool missing_inputs_fail = false;                        ///< a task fails whose input lies under our own /files/ but is not there
    milliseconds link_ttl = std::chrono::hours{24};          ///< a result's first URL
    milliseconds fresh_link_ttl = std::chrono::minutes{20};  ///< one from download-url
    milliseconds upload_ttl = std::chrono::hours{24};
};

}  // namespace motionspool::simulator
