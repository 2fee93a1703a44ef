#pragma once
#include <spdlog/formatter.h>
#include <memory>

namespace motionspool::system {

enum class LogLevel { trace, debug, info, warn, error };

enum class LogFormat {
    automatic,  ///< journal where standard error is the journal ($JOURNAL_STREAM names it), else text
    text,       ///< "2026-11-24T22:05:01Z info  MESSAGE"
    json,       ///< {"time":"2026-11-24T22:05:01.123Z","level":"info","message":"MESSAGE"}
    journal,    ///< "<6>MESSAGE" (sd-daemon(3)): the journal adds the time
};

/// Makes spdlog's default logger write to standard error, a line an event whatever the message holds. May be called again: a reload changes the level.
void set_up_log(LogLevel, LogFormat);

/// What set_up_log() uses. Control characters of a message are written as \n or \x1b, so that a file name cannot forge a line or steer a terminal.
/// @pre format != LogFormat::automatic
[[nodiscard]] std::unique_ptr<spdlog::formatter> make_log_formatter(LogFormat format);

}  // namespace motionspool::system
