#include "domain/media.hpp"
#include <algorithm>
#include <string_view>
#include "base/time.hpp"

namespace motionspool::domain {
namespace {

// The provider's limits (kie-api: createTask, Kling 2.6 Motion Control).
constexpr std::uint64_t mega = 1'000'000;
constexpr std::uint64_t image_bytes = 10 * mega;
constexpr std::uint64_t motion_bytes = 100 * mega;
constexpr int image_side = 300;
constexpr int motion_side_min = 340, motion_side_max = 3850;

/// "12.35 MB", rounded up, so that what is just over a limit does not read like the limit.
std::string megabytes(std::uint64_t bytes) {
    constexpr std::uint64_t hundredth = mega / 100;
    const auto hundredths = bytes / hundredth + (bytes % hundredth == 0 ? 0 : 1);
    auto text = std::to_string(hundredths / 100);
    if (hundredths % 100 != 0) {
        const auto decimals = std::to_string(100 + hundredths % 100).substr(1);
        text += '.' + decimals.substr(0, decimals.find_last_not_of('0') + 1);
    }
    return text + " MB";
}

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

bool is_motion(Format format) {
    switch (format) {
        case Format::mp4:
        case Format::quicktime:
        case Format::matroska: return true;
        case Format::jpeg:
        case Format::png:
        case Format::webm:
        case Format::other: return false;
    }
    return false;
}

std::string wrong_format(std::string_view what, Format format, std::string_view expected) {
    const auto is = format == Format::other ? " is of no known format" : " is " + to_string(format) + " by its content";
    return std::string{what} + is + "; expected " + std::string{expected};
}

}  // namespace

std::string to_string(Format format) {
    switch (format) {
        case Format::jpeg: return "JPEG";
        case Format::png: return "PNG";
        case Format::mp4: return "MP4";
        case Format::quicktime: return "QuickTime";
        case Format::matroska: return "Matroska";
        case Format::webm: return "WebM";
        case Format::other: return "other";
    }
    return "";
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
    using std::chrono::seconds;
    switch (orientation) {
        case Orientation::video: return {seconds{3}, seconds{30}};
        case Orientation::image: return {seconds{3}, seconds{10}};
    }
    return {};
}

Credits estimate(std::chrono::milliseconds length, Mode mode, const Prices& prices) {
    const auto seconds = std::max(std::chrono::ceil<std::chrono::seconds>(length), std::chrono::seconds{0}).count();
    switch (mode) {
        case Mode::p720: return prices.p720 * seconds;
        case Mode::p1080: return prices.p1080 * seconds;
    }
    return {};
}

Verdict judge_image(const MediaFacts& facts) {
    Verdict verdict;
    if (facts.format != Format::jpeg && facts.format != Format::png) {
        verdict.errors.push_back(wrong_format("the image", facts.format, "a JPEG or PNG"));
        return verdict;
    }
    judge_bytes(facts, "the image", image_bytes, verdict);
    if (facts.width <= 0 || facts.height <= 0) {
        verdict.errors.emplace_back("the image's width and height could not be read; export it again");
        return verdict;
    }
    const auto is = "the image is " + pixels(facts) + "; ";
    if (std::min(facts.width, facts.height) <= image_side) verdict.errors.push_back(is + "each side must be over " + std::to_string(image_side) + " px");
    const auto width = static_cast<std::int64_t>(facts.width), height = static_cast<std::int64_t>(facts.height);
    if (5 * width < 2 * height) verdict.errors.push_back(is + "it is too narrow, at least 2:5 (width to height) is needed");
    if (2 * width > 5 * height) verdict.errors.push_back(is + "it is too wide, at most 5:2 (width to height) is accepted");
    return verdict;
}

Verdict judge_motion(const MediaFacts& facts, Orientation orientation) {
    Verdict verdict;
    if (!is_motion(facts.format)) {
        verdict.errors.push_back(wrong_format("the motion", facts.format, "MP4, QuickTime or Matroska"));
        return verdict;
    }
    judge_bytes(facts, "the motion", motion_bytes, verdict);
    judge_length(facts.duration, orientation, verdict);
    if (facts.width <= 0 || facts.height <= 0) {
        verdict.errors.emplace_back("no picture was found in the motion; export it again as a video");
        return verdict;
    }
    const auto [smallest, largest] = std::minmax(facts.width, facts.height);
    if (smallest < motion_side_min || largest > motion_side_max)
        verdict.warnings.push_back("the motion is " + pixels(facts) + "; the provider may refuse sides outside " + std::to_string(motion_side_min) + " to " +
                                   std::to_string(motion_side_max) + " px");
    return verdict;
}

}  // namespace motionspool::domain
