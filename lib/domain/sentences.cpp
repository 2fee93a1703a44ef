#include "domain/sentences.hpp"
#include <algorithm>
#include <array>
#include <ranges>
#include <vector>
#include "base/text.hpp"

namespace motionspool::domain {
namespace {
using enum Says;
using enum Source;

// Fragments are known of some: "not within the range of allowed options" is seen behind a field's name alone, and "cannot exceed" and "must be between" are no
// sentences without their numbers.
constexpr std::array table{
    KnownSentence{"is not within the range of allowed options", bad_parameter, measured},
    KnownSentence{"not within the range of allowed options", bad_parameter, measured},
    KnownSentence{"This FIELD is not within the range of allowed options", bad_parameter, quoted},
    KnownSentence{"text length cannot exceed #", bad_parameter, measured},
    KnownSentence{"text length cannot exceed # characters", bad_parameter, measured},
    KnownSentence{"The text length cannot exceed #", bad_parameter, measured},
    KnownSentence{"The text length cannot exceed # characters", bad_parameter, measured},
    KnownSentence{"The text length cannot exceed the maximum limit", bad_parameter, quoted},
    KnownSentence{"File type not supported", bad_parameter, measured},
    KnownSentence{"model name you specified is not supported", bad_parameter, measured},
    KnownSentence{"The model name you specified is not supported", bad_parameter, measured},
    KnownSentence{"The model name you specified is not supported. Please verify your input and use one of the supported models provided by KIE", bad_parameter,
                  quoted},
    KnownSentence{"The page does not exist or is not published", bad_parameter, documented},
    KnownSentence{"server exception", bad_parameter, measured},  // to a key it does not know; with any word more it is a breakdown's
    KnownSentence{"must be within the specified range", bad_parameter, measured},
    KnownSentence{"must be between # and #", bad_parameter, measured},
    KnownSentence{"format is incorrect", bad_parameter, measured},
    KnownSentence{"This field is required", field_required, measured},
    KnownSentence{"Credits insufficient", credits, documented},
    KnownSentence{"Credits insufficient : Your current balance isn't enough to run this request. Please top up to continue", credits, documented},
    KnownSentence{"usage exceeded", key_limit, documented},
    KnownSentence{"Your call frequency is too high", throttle, documented},
    KnownSentence{"Your call frequency is too high. Please try again later", throttle, documented},
    KnownSentence{"No complete upper body detected", no_upper_body, measured},
    KnownSentence{"No complete upper body detected in the image", no_upper_body, quoted},
    KnownSentence{"No complete upper body detected in the video", no_upper_body, quoted},
    KnownSentence{"Image recognition failed. No complete upper body detected in the image", no_upper_body, quoted},
    KnownSentence{"No valid characters detected", no_character, measured},
    KnownSentence{"No valid characters detected in the video", no_character, quoted},
    KnownSentence{"Image recognition failed", no_character, measured},
    KnownSentence{"The character in the reference image or the first frame is invalid", no_character, quoted},
    KnownSentence{"Image fetch failed", image_fetch, measured},
    KnownSentence{"Image fetch failed. Check access settings or use our File Upload API instead", image_fetch, quoted},
};

constexpr std::array<std::string_view, 13> fields{"model",
                                                  "callBackUrl",
                                                  "input",
                                                  "prompt",
                                                  "input_urls",
                                                  "video_urls",
                                                  "character_orientation",
                                                  "mode",
                                                  "input.prompt",
                                                  "input.input_urls",
                                                  "input.video_urls",
                                                  "input.character_orientation",
                                                  "input.mode"};

using Words = std::vector<std::string_view>;
using Rest = std::span<const std::string_view>;

Words words_of(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    Words words;
    text = text.substr(0, text.find_last_not_of(" \t\r\n.!") + 1);
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(blank), text.size());
        if (end > 0) words.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

bool is_field(std::string_view word) {
    return std::ranges::any_of(fields, [&](std::string_view field) { return equal_ignoring_case(word, field); });
}

bool is_number(std::string_view word) {
    const bool digits = std::ranges::all_of(word, [](char c) { return c >= '0' && c <= '9'; });
    return digits && !word.empty() && word.size() <= 9;
}

bool stands_for(std::string_view pattern, std::string_view word) {
    if (pattern == "#") return is_number(word);
    if (pattern == "FIELD") return is_field(word);
    return equal_ignoring_case(pattern, word);
}

/// The table with its texts in words, made once.
const std::vector<std::pair<Words, Says>>& sentences() {
    static const auto made = [] {
        std::vector<std::pair<Words, Says>> all;
        all.reserve(std::size(table));
        for (const auto& line : table) all.emplace_back(words_of(line.text), line.says);
        return all;
    }();
    return made;
}

std::optional<Says> find(Rest words) {
    for (const auto& [sentence, says] : sentences()) {
        if (std::ranges::equal(sentence, words, stands_for)) return says;
    }
    return std::nullopt;
}

}  // namespace

std::span<const KnownSentence> known_sentences() { return table; }
std::span<const std::string_view> our_fields() { return fields; }
bool about_parameter(Says says) { return says == bad_parameter || says == field_required; }

std::optional<Says> proof_in(std::string_view text) {
    const auto words = words_of(text);
    if (const auto whole = find(words)) return whole;
    if (words.size() < 2 || !is_field(words.front())) return std::nullopt;
    const auto behind_field = find(Rest{words}.subspan(1));
    return behind_field && about_parameter(*behind_field) ? behind_field : std::nullopt;
}

}  // namespace motionspool::domain
