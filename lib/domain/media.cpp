#include "domain/media.hpp"
#include <algorithm>
#include <string_view>
#include "base/time.hpp"
#include "domain/model_rules.hpp"

namespace motionspool::domain {
namespace {

constexpr const ModelRules& rules = model_rules;

std::string pixels(const MediaFacts& facts) { return std::to_string(facts.width) + " x " + std::to_string(facts.height) + " px"; }

void judge_bytes(const MediaFacts& facts, std::string_view what, std::uint64_t most, Verdict& verdict) {
    const std::string the{what};
    if (facts.bytes > most) verdict.errors.push_back(the + " is " + megabytes(facts.bytes) + "; at most " + megabytes(most) + " is accepted");
    if (!facts.complete) verdict.errors.push_back(the + " is cut short (its end is missing); copy it again");
}

void judge_length(std::chrono::milliseconds length, Orientation orientation, Verdict& verdict) {
    if (length <= std::chrono::milliseconds{0}) {
        verdict.errors.emplace_back("the motion's length could not be read; export it again");
        return;
    }
    const auto limits = motion_length_limits(orientation);
    const auto is = "the motion is " + to_words(length) + " long; ";
    if (length < limits.shortest) verdict.errors.push_back(is + "at least " + to_words(limits.shortest) + " is needed");
    if (length > limits.longest) {
        const bool other_would_do = length <= motion_length_limits(Orientation::video).longest;
        const auto* const with = orientation == Orientation::image && other_would_do ? " with orientation: image" : "";
        verdict.errors.push_back(is + "at most " + to_words(limits.longest) + " is accepted" + with);
    }
}

const FormatRule& rule_of(Format format) { return *std::ranges::find(format_rules, format, &FormatRule::format); }

std::string to_string(Shape shape) { return std::to_string(shape.width) + ":" + std::to_string(shape.height); }
bool narrower(const MediaFacts& facts, Shape shape) { return std::int64_t{facts.width} * shape.height < std::int64_t{facts.height} * shape.width; }
bool wider(const MediaFacts& facts, Shape shape) { return std::int64_t{facts.width} * shape.height > std::int64_t{facts.height} * shape.width; }
bool upright(const MediaFacts& facts) { return facts.height > 0 && std::int64_t{facts.height} * 100 >= std::int64_t{facts.width} * rules.upright_percent; }
bool lying(const MediaFacts& facts) { return facts.width > 0 && std::int64_t{facts.width} * 100 >= std::int64_t{facts.height} * rules.upright_percent; }

/// "15", "14.98": of thousandths.
std::string per_second(int frame_rate) {
    auto text = std::to_string(frame_rate / 1000) + "." + std::to_string(1000 + frame_rate % 1000).substr(1, 2);
    while (text.ends_with('0')) text.pop_back();
    if (text.ends_with('.')) text.pop_back();
    return text;
}

void advise_on_motion(const MediaFacts& facts, Verdict& verdict) {
    const auto [smallest, largest] = std::minmax(facts.width, facts.height);
    if (smallest < rules.motion_side_least || largest > rules.motion_side_most)
        verdict.warnings.push_back("the motion is " + pixels(facts) + "; the provider may refuse sides outside " + std::to_string(rules.motion_side_least) +
                                   " to " + std::to_string(rules.motion_side_most) + " px");
    if (facts.frame_rate > 0 && facts.frame_rate < rules.frame_rate_least)
        verdict.warnings.push_back("the motion has " + per_second(facts.frame_rate) + (facts.frame_rate == 1000 ? " frame" : " frames") +
                                   " a second; movement is followed best from 24 on");
    if (facts.pictures > rules.streams_most)
        verdict.warnings.push_back("the motion holds " + std::to_string(facts.pictures) + " video streams; the provider may take another than you see");
    if (facts.sounds > rules.streams_most)
        verdict.warnings.push_back("the motion holds " + std::to_string(facts.sounds) + " sound tracks; the provider may take another than you hear");
}

std::string wrong_format(std::string_view what, Format format, std::string_view expected) {
    const auto is = format == Format::other ? " is of no known format" : " is " + to_string(format) + " by its content";
    return std::string{what} + is + "; expected " + std::string{expected};
}

}  // namespace

std::string to_string(Format format) { return std::string{rule_of(format).name}; }

std::string megabytes(std::uint64_t bytes) {
    constexpr std::uint64_t hundredth = 10'000;
    const auto hundredths = bytes / hundredth + (bytes % hundredth == 0 ? 0 : 1);
    auto text = std::to_string(hundredths / 100);
    if (hundredths % 100 != 0) {
        const auto decimals = std::to_string(100 + hundredths % 100).substr(1);
        text += '.' + decimals.substr(0, decimals.find_last_not_of('0') + 1);
    }
    return text + " MB";
}

std::string to_string(Mode mode) {
    switch (mode) {
        case Mode::p720: return "720p";
        case Mode::p1080: return "1080p";
    }
    return "";
}

std::string to_string(Orientation orientation) {
    switch (orientation) {
        case Orientation::video: return "video";
        case Orientation::image: return "image";
    }
    return "";
}

LengthLimits motion_length_limits(Orientation orientation) {
    switch (orientation) {
        case Orientation::video: return {rules.shortest, rules.longest};
        case Orientation::image: return {rules.shortest, rules.longest_by_image};
    }
    return {};
}

Verdict judge_image(const MediaFacts& facts) {
    Verdict verdict;
    if (!rule_of(facts.format).image) {
        verdict.errors.push_back(wrong_format("the image", facts.format, "a JPEG or PNG"));
        return verdict;
    }
    judge_bytes(facts, "the image", rules.image_bytes, verdict);
    if (facts.width <= 0 || facts.height <= 0) {
        verdict.errors.emplace_back("the image's width and height could not be read; export it again");
        return verdict;
    }
    const auto is = "the image is " + pixels(facts) + "; ";
    if (std::min(facts.width, facts.height) <= rules.image_side_above)
        verdict.errors.push_back(is + "each side must be over " + std::to_string(rules.image_side_above) + " px");
    if (narrower(facts, rules.narrowest))
        verdict.errors.push_back(is + "it is too narrow, at least " + to_string(rules.narrowest) + " (width to height) is needed");
    if (wider(facts, rules.widest)) verdict.errors.push_back(is + "it is too wide, at most " + to_string(rules.widest) + " (width to height) is accepted");
    return verdict;
}

Verdict judge_motion(const MediaFacts& facts, Orientation orientation) {
    Verdict verdict;
    if (!rule_of(facts.format).motion) {
        verdict.errors.push_back(wrong_format("the motion", facts.format, "MP4, QuickTime or Matroska"));
        return verdict;
    }
    judge_bytes(facts, "the motion", rules.motion_bytes, verdict);
    judge_length(facts.duration, orientation, verdict);
    if (facts.width <= 0 || facts.height <= 0) {
        verdict.errors.emplace_back("no picture was found in the motion; export it again as a video");
        return verdict;
    }
    if (verdict.errors.empty()) advise_on_motion(facts, verdict);
    return verdict;
}

std::string advice_on_shapes(const MediaFacts& image, const MediaFacts& motion) {
    const bool across = (upright(image) && lying(motion)) || (lying(image) && upright(motion));
    if (!across) return {};
    return std::string{"the motion is "} + (lying(motion) ? "landscape" : "portrait") + " (" + pixels(motion) + ") and the image beside it is " +
           (lying(image) ? "landscape" : "portrait") + "; they go together best in one shape";
}

}  // namespace motionspool::domain
