#pragma once
#include <fmt/core.h>

// The log, for whoever has something to say: an event a call, through spdlog's default logger (system/log_setup.hpp). Formats are checked when compiled; the
// text is put together in one place, as every file that did so itself would take twice as long to compile.
namespace motionspool::log {

enum class Weight { debug, info, warn, error, critical };

void event(Weight, fmt::string_view format, fmt::format_args);

template <typename... Args>
void debug(fmt::format_string<const Args&...> format, const Args&... args) {
    event(Weight::debug, format, fmt::make_format_args(args...));
}
template <typename... Args>
void info(fmt::format_string<const Args&...> format, const Args&... args) {
    event(Weight::info, format, fmt::make_format_args(args...));
}
template <typename... Args>
void warn(fmt::format_string<const Args&...> format, const Args&... args) {
    event(Weight::warn, format, fmt::make_format_args(args...));
}
template <typename... Args>
void error(fmt::format_string<const Args&...> format, const Args&... args) {
    event(Weight::error, format, fmt::make_format_args(args...));
}
template <typename... Args>
void critical(fmt::format_string<const Args&...> format, const Args&... args) {
    event(Weight::critical, format, fmt::make_format_args(args...));
}

}  // namespace motionspool::log
