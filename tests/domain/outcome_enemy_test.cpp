#include <doctest/doctest.h>
#include <algorithm>
#include <array>
#include <vector>
#include "outcome_cases.hpp"

// Every reading there is, against what may be believed at most: an outcome that lets a job be paid again needs a proof that is on these lists.
namespace motionspool::domain {
namespace {
using namespace cases;

constexpr std::array proving_statuses{401, 403, 301, 302, 307, 308};
constexpr std::array edge_statuses{404, 405, 413, 415, 429};
constexpr std::array proving_codes{401, 402, 403, 429, 433, 455, 505};
const std::vector<std::string> parameter_texts{"mode is not within the range of allowed options",
                                               "This field is required",
                                               "text length cannot exceed 2500",
                                               "File type not supported",
                                               "The model name you specified is not supported",
                                               "The page does not exist or is not published",
                                               "server exception",
                                               "prompt must be between 1 and 2500",
                                               "input.mode must be within the specified range",
                                               "input_urls format is incorrect"};
const std::vector<std::string> proving_texts{
    "Credits insufficient",         "usage exceeded",    "Your call frequency is too high. Please try again later.", "No complete upper body detected",
    "No valid characters detected", "Image fetch failed"};
const std::vector<std::string> other_texts{"",
                                           "success",
                                           "recordInfo is null",
                                           "Internal error",
                                           "try again later",
                                           "Internal error: rate limit",
                                           "error code: 1010",
                                           "unknown",
                                           "upstream rate limit hit while saving record",
                                           "moderate load",
                                           "Segmentation violation",
                                           "rate limit",
                                           "too many requests",
                                           "sensitive",
                                           "content policy",
                                           "This field is required by worker 7",
                                           "text length cannot exceed",
                                           "usage exceeded on disk"};

bool within(const auto& list, const auto& what) { return std::ranges::find(list, what) != std::end(list); }

bool proves_refusal(const Envelope& answer) {
    if (!answer.task.empty() || !answer.hint.empty()) return false;
    if (within(proving_statuses, answer.http_status)) return true;
    if (!answer.complete) return false;
    if (!answer.json) return within(edge_statuses, answer.http_status) && !answer.page.empty();
    if (answer.message == "recordInfo is null") return false;
    const bool parameter = within(parameter_texts, answer.message);
    if (answer.http_status == 400 && !answer.code) return parameter;
    if (!answer.code) return false;
    const bool one_voice = answer.http_status / 100 == 2 || answer.http_status == *answer.code;
    if (!one_voice) return answer.http_status == 400 && parameter && (answer.code == 422 || answer.code == 500);
    if (within(edge_statuses, *answer.code) && answer.http_status == *answer.code) return true;
    if (answer.code == 400) return parameter;
    return within(proving_codes, *answer.code) || ((*answer.code == 500 || *answer.code == 422) && (parameter || within(proving_texts, answer.message)));
}

/// Calls `look` with every envelope of the product.
void for_every_reading(const auto& look) {
    std::vector<std::string> texts = proving_texts;
    texts.insert(texts.end(), parameter_texts.begin(), parameter_texts.end());
    texts.insert(texts.end(), other_texts.begin(), other_texts.end());
    std::vector<std::optional<int>> codes{std::nullopt, -1,  0,   200, 201, 400, 401, 402, 403, 404, 405, 408, 409, 413,
                                          415,          422, 429, 433, 455, 499, 500, 501, 502, 503, 504, 505, 520, 1010};
    for (const int status : {0,   100, 200, 201, 204, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 408,
                             409, 413, 415, 422, 425, 429, 433, 455, 499, 500, 501, 502, 503, 504, 505, 520, 599}) {
        for (const auto& code : codes) {
            for (const auto& text : texts) {
                for (unsigned bits = 0; bits < 32; bits++) {
                    const Envelope answer{.http_status = status,
                                          .complete = (bits & 1) != 0,
                                          .json = (bits & 2) != 0,
                                          .code = code,
                                          .message = text,
                                          .task = (bits & 4) != 0 ? "t" : "",
                                          .hint = (bits & 8) != 0 ? "7a1" : "",
                                          .page = (bits & 16) != 0 ? page_of(std::to_string(status)) : "",
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
