#include "system/log.hpp"
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace motionspool::log {
namespace {

spdlog::level::level_enum to_spdlog(Weight weight) {
    switch (weight) {
        case Weight::debug: return spdlog::level::debug;
        case Weight::info: return spdlog::level::info;
        case Weight::warn: return spdlog::level::warn;
        case Weight::error: return spdlog::level::err;
        case Weight::critical: return spdlog::level::critical;
    }
    return spdlog::level::critical;
}

}  // namespace

void event(Weight weight, fmt::string_view format, fmt::format_args args) {
    auto* const logger = spdlog::default_logger_raw();
    const auto level = to_spdlog(weight);
    if (logger->should_log(level)) logger->log(level, fmt::vformat(format, args));
}

}  // namespace motionspool::log
