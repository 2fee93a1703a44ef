#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>
#include "domain/media.hpp"

// The provider's limits for Kling 2.6 Motion Control (its documentation of createTask), as data: nothing else knows these numbers. media.cpp makes sentences of
// them, remote_media.cpp judges by them what a server says of a file.
namespace motionspool::domain {

/// What a file may be used for, by its content.
struct FormatRule {
    Format format;
    std::string_view name;
    bool image, motion;
    std::string_view types;  ///< what servers call it, separated by spaces
};
inline constexpr std::array<FormatRule, 7> format_rules{{
    {Format::jpeg, "JPEG", true, false, "image/jpeg image/jpg image/pjpeg"},
    {Format::png, "PNG", true, false, "image/png image/x-png"},
    {Format::mp4, "MP4", false, true, "video/mp4 video/x-m4v application/mp4"},
    {Format::quicktime, "QuickTime", false, true, "video/quicktime"},
    {Format::matroska, "Matroska", false, true, "video/x-matroska video/matroska"},
    {Format::webm, "WebM", false, false, "video/webm"},
    {Format::other, "other", false, false, ""},
}};

/// Width to height.
struct Shape {
    int width, height;
};

struct ModelRules {
    // Refused, before anything is uploaded.
    std::uint64_t image_bytes, motion_bytes;
    int image_side_above;  ///< px
    Shape narrowest, widest;
    std::chrono::milliseconds shortest, longest, longest_by_image;  ///< the last one with `orientation: image`
    // Advised against.
    int motion_side_least, motion_side_most;  ///< px
    int frame_rate_least;                     ///< frames in 1000 s
    int streams_most;                         ///< pictures, and sounds
    int upright_percent;                      ///< so much longer must a side be for a picture to be portrait or landscape
};
inline constexpr ModelRules model_rules{
    .image_bytes = 10'000'000,
    .motion_bytes = 100'000'000,
    .image_side_above = 300,
    .narrowest = {2, 5},
    .widest = {5, 2},
    .shortest = std::chrono::seconds{3},
    .longest = std::chrono::seconds{30},
    .longest_by_image = std::chrono::seconds{10},
    .motion_side_least = 340,
    .motion_side_most = 3850,
    .frame_rate_least = 23'900,  // 23.976 is film
    .streams_most = 1,
    .upright_percent = 110,
};

}  // namespace motionspool::domain
