#pragma once
#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include "domain/media.hpp"

/// The line in which the helper answers: "format=mp4 bytes=1000 width=640 height=480 duration_ms=4000 frame_rate=25000 pictures=1 sounds=0 complete=1\n".
namespace motionspool::media {

namespace detail {
inline constexpr std::int64_t most_milliseconds = 1'000'000'000'000;  // 30 years; nobody computes with more
inline constexpr std::array<std::pair<std::string_view, domain::Format>, 7> format_words{{{"jpeg", domain::Format::jpeg},
                                                                                          {"png", domain::Format::png},
                                                                                          {"mp4", domain::Format::mp4},
                                                                                          {"quicktime", domain::Format::quicktime},
                                                                                          {"matroska", domain::Format::matroska},
                                                                                          {"webm", domain::Format::webm},
                                                                                          {"other", domain::Format::other}}};

template <typename T>
bool take_number(std::string_view& line, std::string_view key, T& into) {
    if (!line.starts_with(key)) return false;
    line.remove_prefix(key.size());
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), into);
    if (error != std::errc{}) return false;
    line.remove_prefix(static_cast<std::size_t>(end - line.data()));
    return true;
}
}  // namespace detail

[[nodiscard]] inline std::string to_line(const domain::MediaFacts& facts) {
    std::string line = "format=";
    for (const auto& [word, format] : detail::format_words)
        if (format == facts.format) line += word;
    line += " bytes=" + std::to_string(facts.bytes) + " width=" + std::to_string(facts.width) + " height=" + std::to_string(facts.height);
    line += " duration_ms=" + std::to_string(facts.duration.count()) + " frame_rate=" + std::to_string(facts.frame_rate);
    line += " pictures=" + std::to_string(facts.pictures) + " sounds=" + std::to_string(facts.sounds);
    return line + " complete=" + (facts.complete ? "1" : "0") + "\n";
}

/// Exactly what to_line() writes; anything else is nothing, since the writer may have been taken over by a hostile file.
[[nodiscard]] inline std::optional<domain::MediaFacts> parse_line(std::string_view line) {
    domain::MediaFacts facts;
    bool known = false;
    for (const auto& [word, format] : detail::format_words) {
        const auto start = "format=" + std::string{word} + " ";
        if (!line.starts_with(start)) continue;
        facts.format = format;
        line.remove_prefix(start.size() - 1);
        known = true;
        break;
    }
    std::int64_t milliseconds = 0;
    int complete = 0;
    const bool read = known && detail::take_number(line, " bytes=", facts.bytes) && detail::take_number(line, " width=", facts.width) &&
                      detail::take_number(line, " height=", facts.height) && detail::take_number(line, " duration_ms=", milliseconds) &&
                      detail::take_number(line, " frame_rate=", facts.frame_rate) && detail::take_number(line, " pictures=", facts.pictures) &&
                      detail::take_number(line, " sounds=", facts.sounds) && detail::take_number(line, " complete=", complete);
    const bool absurd = milliseconds > detail::most_milliseconds || facts.width < 0 || facts.height < 0 || milliseconds < 0 || facts.frame_rate < 0 ||
                        facts.pictures < 0 || facts.sounds < 0;
    if (!read || line != "\n" || absurd || complete < 0 || complete > 1) return std::nullopt;
    facts.duration = std::chrono::milliseconds{milliseconds};
    facts.complete = complete == 1;
    return facts;
}

}  // namespace motionspool::media
