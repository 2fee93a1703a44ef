#include "store/values.hpp"
#include <array>

namespace motionspool::store {

domain::Mode mode_of(std::string_view text) { return text == "1080p" ? domain::Mode::p1080 : domain::Mode::p720; }

domain::Orientation orientation_of(std::string_view text) { return text == "image" ? domain::Orientation::image : domain::Orientation::video; }

domain::Stage stage_of(std::string_view text) {
    if (text == "draft") return domain::Stage::draft;
    if (text == "final") return domain::Stage::final;
    return domain::Stage::single;
}

domain::Format format_of(std::string_view text) {
    using enum domain::Format;
    for (const auto format : std::array{jpeg, png, mp4, quicktime, matroska, webm}) {
        if (to_string(format) == text) return format;
    }
    return other;
}

std::vector<domain::Lengths> read_lengths(Use& use) {
    std::vector<domain::Lengths> lengths;
    while (use.row()) lengths.push_back({mode_of(use.text(0)), use.number(1), use.number(2)});
    return lengths;
}

}  // namespace motionspool::store
