#include "domain/evidence.hpp"
#include <algorithm>
#include "base/seeded.hpp"
#include "base/text.hpp"

namespace motionspool::domain {
namespace {
using namespace std::chrono_literals;

constexpr std::string_view between = "/callback/";
constexpr std::size_t token_length = 64;

bool is_token(std::string_view text) {
    return text.size() == token_length && std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

}  // namespace

bool token_lives(Instant armed, Instant now) { return now - armed <= token_life; }

std::optional<std::string> token_in(std::string_view target, std::string_view path) {
    if (!target.starts_with(path)) return std::nullopt;
    target.remove_prefix(path.size());
    if (!target.starts_with(between)) return std::nullopt;
    target.remove_prefix(between.size());
    if (!is_token(target)) return std::nullopt;
    return std::string{target};
}

std::string callback_url(std::string_view public_url, std::string_view token) { return std::string{public_url} + std::string{between} + std::string{token}; }

std::string_view public_url_in(std::string_view callback_url) { return callback_url.substr(0, callback_url.rfind(between)); }

std::string_view last_part(std::string_view url) { return url.substr(url.rfind('/') + 1); }

bool is_task_id(std::string_view text) {
    return !text.empty() && text.size() <= 200 && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}

std::optional<std::string> contradiction(const TaskParam& sent, const TaskOrigin& told) {
    if (seeded("adopt-anything")) return std::nullopt;
    const auto& param = told.param;
    const auto differs = [](const std::optional<std::string>& ours, const std::optional<std::string>& theirs) {
        return theirs && *theirs != ours.value_or("");
    };
    if (told.our_callback == false) return "it was made with another callback URL";
    if (differs(sent.model, param.model)) return "it was made with the model " + *param.model;
    if (differs(sent.prompt, param.prompt)) return "it was made with another prompt";
    if (differs(sent.image, param.image)) return "it was made from another image";
    if (differs(sent.motion, param.motion)) return "it was made from another motion";
    if (differs(sent.mode, param.mode)) return "it was made in mode " + *param.mode;
    if (differs(sent.orientation, param.orientation)) return "it was made with orientation " + *param.orientation;
    return std::nullopt;
}

std::optional<std::string> objection(const TaskParam& sent, Instant armed, const TaskOrigin& told) {
    if (auto wrong = contradiction(sent, told)) return wrong;
    const auto& param = told.param;
    if (!param.prompt && !param.image && !param.motion) return "the provider does not say what it was made from";
    if (!told.created) return "the provider does not say when it was made";
    const auto after = *told.created - armed;
    if (after < -5min) return "it was made " + to_words(-after) + " before this one was sent";
    if (after > 15min) return "it was made " + to_words(after) + " after this one was sent";
    return std::nullopt;
}

CallbackMeaning meaning_of(AttemptState state, const std::optional<std::string>& task, std::string_view named) {
    if (task && *task != named) return CallbackMeaning::other;
    switch (state) {
        case AttemptState::submitted: return CallbackMeaning::wake;
        case AttemptState::overdue: return CallbackMeaning::ask_late;
        case AttemptState::armed:
        case AttemptState::uncertain:
        case AttemptState::written_off: return CallbackMeaning::hint;
        case AttemptState::not_sent:
        case AttemptState::refused: return CallbackMeaning::other;
        case AttemptState::succeeded:
        case AttemptState::failed: return CallbackMeaning::nothing;
    }
    return CallbackMeaning::nothing;
}

std::optional<bool> wants_result(JobState state) {
    switch (state) {
        case JobState::submitting: return std::nullopt;
        case JobState::queued:
        case JobState::uploading:
        case JobState::uncertain:
        case JobState::running:
        case JobState::failed: return true;
        case JobState::downloading:
        case JobState::done:
        case JobState::cancelled: return false;
    }
    return false;
}

}  // namespace motionspool::domain
