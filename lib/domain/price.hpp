#pragma once
#include <chrono>
#include <cstdint>
#include <vector>
#include "base/credits.hpp"
#include "domain/media.hpp"

// What a video costs. The provider charges at least a minimum, and from some length on whole seconds times a rate; both parts are configured, and where reality
// is dearer, learned from what was charged: whole amounts for whole lengths, so that they hold whatever the configuration says.
namespace motionspool::domain {

/// Credits for each mode.
struct ByMode {
    Credits p720, p1080;
    [[nodiscard]] Credits of(Mode mode) const { return mode == Mode::p720 ? p720 : p1080; }
    friend bool operator==(const ByMode&, const ByMode&) = default;
};

/// Seconds; no video is that long.
constexpr std::int64_t longest_of_all = 1'000'000;

/// The configuration's: ceil(seconds) x per_second, at least the minimum.
struct Prices {
    ByMode per_second{Credits::whole(11), Credits::whole(18)}, minimum;
    friend bool operator==(const Prices&, const Prices&) = default;
};

/// As it is charged: rounded up.
[[nodiscard]] std::int64_t whole_seconds(std::chrono::milliseconds length);
[[nodiscard]] Credits estimate(std::int64_t seconds, Mode, const Prices&);
[[nodiscard]] Credits estimate(std::chrono::milliseconds length, Mode, const Prices&);

/// A video of that length was charged that much.
struct Charge {
    std::chrono::milliseconds length{0};
    Credits cost;
    friend bool operator==(const Charge&, const Charge&) = default;
};

/// What is known of one mode's price.
struct Learned {
    std::vector<Charge> known;    ///< by length, one for each whole second; one minimum and one rate explain them all
    std::vector<Charge> cheaper;  ///< the last ones in a row, fewer than three, that cost less than what is known allows
    friend bool operator==(const Learned&, const Learned&) = default;
};
/// After one more charge. One that is dearer than what is known allows counts at once, and what it contradicts is forgotten; three in a row that are cheaper
/// make known what they cost, and nothing that they contradict. One that contradicts nothing is known, too.
[[nodiscard]] Learned learn(Learned, Charge);

/// What a video costs by one mode's configured price and what was learned; never less than either. Of what was learned only charges above the configured price
/// raise anything. A charge counts for every longer video, and
/// - if a shorter video has cost less, that length is charged by the second: its rate counts for all;
/// - if none has, nothing tells which part it was: longer ones cost no less, and shorter ones as much, too, as if it were the minimum, up to four times their
///   configured price (or their part of it, if that is more).
[[nodiscard]] Credits price(std::int64_t seconds, Mode, const Prices&, const Learned&);
/// More than four times the configured price, and more than was reserved: a matter for a person, and not learned.
[[nodiscard]] bool beyond_belief(Credits cost, Credits reserved, Credits configured);

/// How many videos of a mode and length.
struct Lengths {
    Mode mode = Mode::p720;
    std::int64_t seconds = 0, count = 0;
};

/// Everything by which prices are told at one moment.
struct Tariff {
    Prices configured;
    Learned p720, p1080;
    [[nodiscard]] const Learned& learned(Mode mode) const { return mode == Mode::p720 ? p720 : p1080; }
    [[nodiscard]] Learned& learned(Mode mode) { return mode == Mode::p720 ? p720 : p1080; }
    [[nodiscard]] Credits price(std::int64_t seconds, Mode) const;
    [[nodiscard]] Credits price(std::chrono::milliseconds length, Mode) const;
    [[nodiscard]] Credits price(const std::vector<Lengths>&) const;
    /// The longest video, in whole seconds, that costs no more than that; -1: none is so cheap. Prices never fall with the length.
    [[nodiscard]] std::int64_t longest(Credits most, Mode) const;
    friend bool operator==(const Tariff&, const Tariff&) = default;
};
/// The charges that raise estimates.
[[nodiscard]] std::vector<Charge> raising(const Tariff&, Mode);

}  // namespace motionspool::domain
