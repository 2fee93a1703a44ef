#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <vector>
#include "outcome_cases.hpp"

// Every reading there is, against what may be believed at most: an outcome that lets a job be paid again needs a proof that is on these lists.
namespace motionspool::domain {
namespace {
using namespace cases;

constexpr std::array edge_statuses{401, 403, 404, 405, 413, 415, 429};
constexpr std::array proving_codes{401, 402, 403, 404, 422, 429, 433, 455, 505};
const std::vector<std::string> proving_texts{"is not within the range of allowed options",
                                             "This field is required",
                                             "text length cannot exceed",
                                             "File type not supported",
                                             "model name you specified is not supported",
                                             "is not published",
                                             "server exception",
                                             "Credits insufficient",
                                             "balance isn't enough",
                                             "usage exceeded",
                                             "call frequency is too high",
                                             "rate limit",
                                             "too many requests",
                                             "sensitive",
                                             "nsfw",
                                             "moderated",
                                             "content policy",
                                             "violates",
                                             "prohibited",
                                             "inappropriate",
                                             "No complete upper body detected",
                                             "Image fetch failed"};
const std::vector<std::string> other_texts{
    "", "success", "recordInfo is null", "Internal error", "try again later", "Internal error: rate limit", "error code: 1010", "unknown"};

bool within(const auto& list, const auto& what) { return std::ranges::find(list, what) != std::end(list); }

bool proves_refusal(const Envelope& answer) {
    if (!answer.task.empty()) return false;
    if (within(edge_statuses, answer.http_status)) return true;
    if (!answer.complete || !answer.json || !answer.code) return false;
    const bool one_voice = answer.http_status / 100 == 2 || answer.http_status == *answer.code;
    if (!one_voice || answer.message == "recordInfo is null") return false;
    return within(proving_codes, *answer.code) || (*answer.code == 500 && within(proving_texts, answer.message));
}

/// Calls `look` with every envelope of the product.
void for_every_reading(const auto& look) {
    std::vector<std::string> texts = proving_texts;
    texts.insert(texts.end(), other_texts.begin(), other_texts.end());
    std::vector<std::optional<int>> codes{std::nullopt, -1,  0,   200, 201, 400, 401, 402, 403, 404, 405, 408, 409, 413,
                                          415,          422, 429, 433, 455, 499, 500, 501, 502, 503, 504, 505, 520, 1010};
    for (const int status : {0,   100, 200, 201, 204, 301, 302, 400, 401, 402, 403, 404, 405, 408, 409, 413,
                             415, 422, 425, 429, 433, 455, 499, 500, 501, 502, 503, 504, 505, 520, 599}) {
        for (const auto& code : codes) {
            for (const auto& text : texts) {
                for (const unsigned bits : {0u, 1u, 2u, 3u, 4u, 5u, 6u, 7u}) {
                    const Envelope answer{.http_status = status,
                                          .complete = (bits & 1) != 0,
                                          .json = (bits & 2) != 0,
                                          .code = code,
                                          .message = text,
                                          .task = (bits & 4) != 0 ? "t" : "",
                                          .bytes_written = status == 0 && (bits & 1) != 0 ? 0u : 1u,
                                          .trouble = "cut"};
                    look(answer);
                }
            }
        }
    }
}

TEST_CASE("no reading of an answer lets a submission be repeated without proof") {
    std::size_t looked = 0, wrong = 0;
    for_every_reading([&](const Envelope& answer) {
        looked++;
        const auto outcome = judge_submission(answer);
        const bool silent = answer.http_status == 0;
        const bool repeatable = std::holds_alternative<Refused>(outcome) || std::holds_alternative<SlowDown>(outcome);
        bool good = true;
        if (silent)
            good = std::holds_alternative<NotSent>(outcome) == (answer.bytes_written == 0) && !repeatable && !std::holds_alternative<Accepted>(outcome);
        else if (std::holds_alternative<NotSent>(outcome))
            good = false;
        else if (repeatable != proves_refusal(answer))
            good = false;
        else if (std::holds_alternative<Accepted>(outcome))
            good = answer.http_status / 100 == 2 && answer.complete && answer.code == 200 && !answer.task.empty();
        if (!good && wrong++ < 10) {
            FAIL_CHECK("HTTP " << answer.http_status << ", code " << answer.code.value_or(-1) << ", \"" << answer.message << "\", task \"" << answer.task
                               << "\", whole " << answer.complete << ", JSON " << answer.json << " is read as " << words(outcome));
        }
    });
    CHECK(wrong == 0);
    CHECK(looked > 200'000);
}

}  // namespace
}  // namespace motionspool::domain
