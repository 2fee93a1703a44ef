#include "domain/media.hpp"
#include <doctest/doctest.h>
#include <algorithm>
#include "domain/model_rules.hpp"

using namespace motionspool;
using namespace motionspool::domain;
using namespace std::chrono_literals;

namespace {
const MediaFacts fox{.format = Format::png, .bytes = 150'000, .width = 1024, .height = 1024};
const MediaFacts wave{
    .format = Format::mp4, .bytes = 3'000'000, .width = 720, .height = 1280, .duration = 6'500ms, .frame_rate = 30'000, .pictures = 1, .sounds = 1};

MediaFacts sized(MediaFacts facts, int width, int height) {
    facts.width = width;
    facts.height = height;
    return facts;
}
MediaFacts weighing(MediaFacts facts, std::uint64_t bytes) {
    facts.bytes = bytes;
    return facts;
}
MediaFacts lasting(std::chrono::milliseconds duration) {
    auto facts = wave;
    facts.duration = duration;
    return facts;
}
MediaFacts of_format(MediaFacts facts, Format format) {
    facts.format = format;
    return facts;
}
std::string error(const Verdict& verdict) { return verdict.errors.size() == 1 ? verdict.errors.front() : std::to_string(verdict.errors.size()) + " errors"; }
}  // namespace

TEST_CASE("modes and orientations are written as in the manifest") {
    CHECK(to_string(Mode::p720) == "720p");
    CHECK(to_string(Mode::p1080) == "1080p");
    CHECK(to_string(Orientation::video) == "video");
    CHECK(to_string(Orientation::image) == "image");
    CHECK(to_string(Format::webm) == "WebM");
}

TEST_CASE("a good image is accepted, JPEG or PNG") {
    CHECK(judge_image(fox).errors.empty());
    CHECK(judge_image(fox).warnings.empty());
    CHECK(judge_image(of_format(fox, Format::jpeg)).errors.empty());
}

TEST_CASE("an image of another format is refused by what it is") {
    CHECK(error(judge_image(wave)) == "the image is MP4 by its content; expected a JPEG or PNG");
    CHECK(error(judge_image(of_format(fox, Format::other))) == "the image is of no known format; expected a JPEG or PNG");
}

TEST_CASE("an image has at most 10 MB") {
    CHECK(judge_image(weighing(fox, 10'000'000)).errors.empty());
    CHECK(error(judge_image(weighing(fox, 10'000'001))) == "the image is 10.01 MB; at most 10 MB is accepted");
    CHECK(error(judge_image(weighing(fox, 12'400'000))) == "the image is 12.4 MB; at most 10 MB is accepted");
}

TEST_CASE("each side of an image is over 300 px") {
    CHECK(judge_image(sized(fox, 301, 301)).errors.empty());
    CHECK(error(judge_image(sized(fox, 300, 400))) == "the image is 300 x 400 px; each side must be over 300 px");
    CHECK(error(judge_image(sized(fox, 400, 300))) == "the image is 400 x 300 px; each side must be over 300 px");
    CHECK(error(judge_image(sized(fox, 0, 0))).starts_with("the image's width and height could not be read"));
}

TEST_CASE("an image is between 2:5 and 5:2, both included") {
    CHECK(judge_image(sized(fox, 400, 1000)).errors.empty());
    CHECK(judge_image(sized(fox, 1000, 400)).errors.empty());
    CHECK(error(judge_image(sized(fox, 400, 1001))) == "the image is 400 x 1001 px; it is too narrow, at least 2:5 (width to height) is needed");
    CHECK(error(judge_image(sized(fox, 1001, 400))) == "the image is 1001 x 400 px; it is too wide, at most 5:2 (width to height) is accepted");
    CHECK(judge_image(sized(fox, 2'000'000'000, 1'900'000'000)).errors.empty());
}

TEST_CASE("everything wrong with a file is said at once") {
    auto facts = weighing(sized(fox, 100, 1000), 11'000'000);
    facts.complete = false;
    CHECK(judge_image(facts).errors.size() == 4);
}

TEST_CASE("a file that is cut short is refused") {
    auto facts = wave;
    facts.complete = false;
    CHECK(error(judge_motion(facts, Orientation::video)).starts_with("the motion is cut short"));
}

TEST_CASE("a motion is MP4, QuickTime or Matroska; WebM is refused") {
    for (const auto format : {Format::mp4, Format::quicktime, Format::matroska})
        CHECK(judge_motion(of_format(wave, format), Orientation::video).errors.empty());
    CHECK(error(judge_motion(of_format(wave, Format::webm), Orientation::video)) == "the motion is WebM by its content; expected MP4, QuickTime or Matroska");
    CHECK(error(judge_motion(fox, Orientation::video)) == "the motion is PNG by its content; expected MP4, QuickTime or Matroska");
}

TEST_CASE("a motion has at most 100 MB") {
    CHECK(judge_motion(weighing(wave, 100'000'000), Orientation::video).errors.empty());
    CHECK(error(judge_motion(weighing(wave, 100'000'001), Orientation::video)) == "the motion is 100.01 MB; at most 100 MB is accepted");
}

TEST_CASE("a motion is 3 to 30 s long, 10 s with orientation image") {
    CHECK(judge_motion(lasting(3s), Orientation::video).errors.empty());
    CHECK(judge_motion(lasting(30s), Orientation::video).errors.empty());
    CHECK(judge_motion(lasting(10s), Orientation::image).errors.empty());
    CHECK(error(judge_motion(lasting(2'999ms), Orientation::video)) == "the motion is 2.999 s long; at least 3 s is needed");
    CHECK(error(judge_motion(lasting(30'001ms), Orientation::video)) == "the motion is 30.001 s long; at most 30 s is accepted");
    CHECK(error(judge_motion(lasting(10'001ms), Orientation::image)) == "the motion is 10.001 s long; at most 10 s is accepted with orientation: image");
    CHECK(error(judge_motion(lasting(90s), Orientation::image)) == "the motion is 1 min 30 s long; at most 10 s is accepted");
    CHECK(error(judge_motion(lasting(0s), Orientation::video)).starts_with("the motion's length could not be read"));
}

TEST_CASE("unusual sides of a motion are a warning") {
    CHECK(judge_motion(sized(wave, 340, 3850), Orientation::video).warnings.empty());
    for (const auto& facts : {sized(wave, 339, 600), sized(wave, 600, 339), sized(wave, 3851, 600), sized(wave, 600, 3851)}) {
        const auto verdict = judge_motion(facts, Orientation::video);
        CHECK(verdict.errors.empty());
        CHECK(verdict.warnings.size() == 1);
    }
    CHECK(judge_motion(sized(wave, 339, 600), Orientation::video).warnings.front() ==
          "the motion is 339 x 600 px; the provider may refuse sides outside 340 to 3850 px");
    CHECK(error(judge_motion(sized(wave, 0, 0), Orientation::video)).starts_with("no picture was found"));
}

TEST_CASE("few frames a second and several streams are a warning each, and block nothing") {
    const auto with = [](int frame_rate, int pictures, int sounds) {
        auto facts = wave;
        facts.frame_rate = frame_rate;
        facts.pictures = pictures;
        facts.sounds = sounds;
        const auto verdict = judge_motion(facts, Orientation::video);
        CHECK(verdict.errors.empty());
        return verdict.warnings.size() == 1 ? verdict.warnings.front() : std::to_string(verdict.warnings.size()) + " warnings";
    };
    CHECK(with(24'000, 1, 1) == "0 warnings");
    CHECK(with(23'976, 1, 0) == "0 warnings");
    CHECK(with(0, 1, 0) == "0 warnings");
    CHECK(with(15'000, 1, 1) == "the motion has 15 frames a second; movement is followed best from 24 on");
    CHECK(with(14'985, 1, 1) == "the motion has 14.98 frames a second; movement is followed best from 24 on");
    CHECK(with(12'500, 1, 1) == "the motion has 12.5 frames a second; movement is followed best from 24 on");
    CHECK(with(24'000, 2, 1) == "the motion holds 2 video streams; the provider may take another than you see");
    CHECK(with(24'000, 1, 3) == "the motion holds 3 sound tracks; the provider may take another than you hear");
    CHECK(with(10'000, 2, 2) == "3 warnings");
    auto refused = lasting(31s);
    refused.frame_rate = 1000;
    CHECK(judge_motion(refused, Orientation::video).warnings.empty());
}

TEST_CASE("portrait against landscape is said, near squares and pictures of one kind are not") {
    CHECK(advice_on_shapes(sized(fox, 1280, 720), wave) ==
          "the motion is portrait (720 x 1280 px) and the image beside it is landscape; they go together best in one shape");
    CHECK(advice_on_shapes(sized(fox, 720, 960), sized(wave, 1920, 1080)) ==
          "the motion is landscape (1920 x 1080 px) and the image beside it is portrait; they go together best in one shape");
    CHECK(advice_on_shapes(sized(fox, 720, 960), wave).empty());
    CHECK(advice_on_shapes(fox, wave).empty());
    CHECK(advice_on_shapes(sized(fox, 0, 0), wave).empty());
    CHECK(advice_on_shapes(sized(fox, 1280, 720), sized(wave, 0, 0)).empty());
    CHECK(advice_on_shapes(sized(fox, 1050, 1000), wave).empty());
    CHECK_FALSE(advice_on_shapes(sized(fox, 1100, 1000), wave).empty());
}

TEST_CASE("every format has its row among the rules, and none serves for both sides") {
    for (const auto format : {Format::jpeg, Format::png, Format::mp4, Format::quicktime, Format::matroska, Format::webm, Format::other}) {
        const auto rule = std::ranges::find(format_rules, format, &FormatRule::format);
        REQUIRE(rule != format_rules.end());
        CHECK_FALSE((rule->image && rule->motion));
        CHECK(judge_image(of_format(fox, format)).errors.empty() == rule->image);
        CHECK(judge_motion(of_format(wave, format), Orientation::video).errors.empty() == rule->motion);
    }
}
