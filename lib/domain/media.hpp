#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace motionspool::domain {

/// What a file is by its content, whatever its name says.
enum class Format { jpeg, png, mp4, quicktime, matroska, webm, other };
[[nodiscard]] std::string to_string(Format);

/// What a probe found out about a file.
struct MediaFacts {
    Format format = Format::other;
    std::uint64_t bytes = 0;
    int width = 0, height = 0;              ///< pixels as shown (rotation applied); 0: unknown
    std::chrono::milliseconds duration{0};  ///< of the container; 0 for an image
    bool complete = true;                   ///< false: bytes are still to come, as the container says, or zeros where there can be none
    int frame_rate = 0;                     ///< frames in 1000 s; 0: unknown, or an image
    int pictures = 0, sounds = 0;           ///< streams of them in a motion
    friend bool operator==(const MediaFacts&, const MediaFacts&) = default;
};

enum class Mode { p720, p1080 };
[[nodiscard]] std::string to_string(Mode);  ///< "720p", "1080p": as in manifests, configuration and the API
enum class Orientation { video, image };
[[nodiscard]] std::string to_string(Orientation);

/// The longest and shortest motion clip, by its orientation.
struct LengthLimits {
    std::chrono::milliseconds shortest, longest;
};
[[nodiscard]] LengthLimits motion_length_limits(Orientation);

/// What is wrong with a file, in sentences such as "the image is 200 x 400 px; each side must be over 300 px".
struct Verdict {
    std::vector<std::string> errors, warnings;
};
/// May the file be a subject image? JPEG or PNG, at most 10 MB, sides over 300 px, 2:5 to 5:2. Sentences say the file's value and the limit.
[[nodiscard]] Verdict judge_image(const MediaFacts&);
/// May the file be a motion clip? MP4, QuickTime, Matroska; at most 100 MB; 3 to 30 s, at most 10 s with `orientation: image`. Warnings: sides outside 340 to
/// 3850 px, fewer than 24 frames a second, several streams of pictures or of sound.
[[nodiscard]] Verdict judge_motion(const MediaFacts&, Orientation);
/// What is likely to look bad about a good image and a good motion in one job: one is portrait and the other landscape. A sentence about the motion, or "".
[[nodiscard]] std::string advice_on_shapes(const MediaFacts& image, const MediaFacts& motion);

/// "12.35 MB", rounded up, so that what is just over a limit does not read like the limit.
[[nodiscard]] std::string megabytes(std::uint64_t bytes);

}  // namespace motionspool::domain
