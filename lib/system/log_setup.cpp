#include "system/log_setup.hpp"
#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cstdlib>
#include <string>

namespace motionspool::system {

namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::trace: return spdlog::level::trace;
        case LogLevel::debug: return spdlog::level::debug;
        case LogLevel::info: return spdlog::level::info;
        case LogLevel::warn: return spdlog::level::warn;
        case LogLevel::error: return spdlog::level::err;
    }
    return spdlog::level::info;
}

/// The journal's stream is named by device and inode (systemd.exec(5)), so that a child whose standard error goes elsewhere can tell.
bool standard_error_is_the_journal() {
    const char* const stream = std::getenv("JOURNAL_STREAM");
    struct stat actual {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &actual) != 0) return false;
    return std::to_string(actual.st_dev) + ":" + std::to_string(actual.st_ino) == stream;
}

}  // namespace

void set_up_log(LogLevel level, LogFormat format) {
    if (format == LogFormat::automatic) format = standard_error_is_the_journal() ? LogFormat::journal : LogFormat::text;
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    sink->set_formatter(make_log_formatter(format));
    auto logger = std::make_shared<spdlog::logger>("", std::move(sink));
    logger->set_level(to_spdlog(level));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace motionspool::system
