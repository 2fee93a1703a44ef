#include "domain/failure_words.hpp"
#include <algorithm>
#include <initializer_list>
#include "base/text.hpp"

namespace motionspool::domain {
namespace {

bool has_any(std::string_view text, std::initializer_list<std::string_view> parts) {
    return std::ranges::any_of(parts, [&](std::string_view part) { return contains_ignoring_case(text, part); });
}

bool moderated(std::string_view text) {
    if (has_any(text, {"sensitive", "nsfw", "content policy", "content policies", "prohibit", "inappropriate", "flagged", "safety system", "safety review",
                       "copyright", "harmful", "moderation", "moderated", "moderator"}))
        return true;
    return has_any(text, {"violat"}) && !has_any(text, {"segmentation violation", "access violation", "constraint"});  // those are crashes
}

}  // namespace

FailCause cause_of_failure(std::string_view text) {
    if (moderated(text)) return FailCause::moderation;
    if (has_any(text, {"complete upper body"})) return FailCause::no_upper_body;
    if (has_any(text, {"valid characters detected", "image recognition failed"})) return FailCause::no_character;
    if (has_any(text, {"character"}) && has_any(text, {"first frame is invalid"})) return FailCause::no_character;
    if (has_any(text, {"image fetch failed"})) return FailCause::image_fetch;
    if (has_any(text, {"input was rejected"})) return FailCause::moderation;  // it goes on "try again with a different input"
    if (has_any(text,
                {"not within the range of allowed options", "This field is required", "text length cannot exceed", "File type not supported",
                 "model name you specified is not supported", "not published", "must be within the specified range", "must be between", "format is incorrect"}))
        return FailCause::bad_parameter;
    if (has_any(text, {"internal error", "try again", "server is busy", "system busy", "server exception", "call frequency is too high", "rate limit",
                       "too many requests", "credits insufficient", "balance isn't enough", "usage exceeded"}))
        return FailCause::provider_failed;
    return FailCause::unexplained;
}

std::string to_string(FailCause cause) {
    switch (cause) {
        case FailCause::moderation: return "moderation";
        case FailCause::no_upper_body: return "no-upper-body";
        case FailCause::no_character: return "no-character";
        case FailCause::image_fetch: return "image-fetch";
        case FailCause::bad_parameter: return "bad-parameter";
        case FailCause::provider_failed:
        case FailCause::unexplained: return "provider-failed";
        case FailCause::result_missing: return "result-missing";
    }
    return {};
}

std::string failure_told(FailCause cause, const std::string& text) {
    if (cause != FailCause::no_upper_body && cause != FailCause::no_character) return text;
    const bool image = has_any(text, {"image", "picture", "photo"}), motion = has_any(text, {"video", "motion", "first frame"});
    if (image == motion) return text;
    const auto sentence = text.substr(0, text.find_last_not_of(" .!") + 1);
    return sentence + (image ? "; it is about the image" : "; it is about the motion");
}

}  // namespace motionspool::domain
