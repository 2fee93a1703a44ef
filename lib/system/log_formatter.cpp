#include <fmt/format.h>
#include <chrono>
#include <iterator>
#include <string>
#include "base/time.hpp"
#include "system/log_setup.hpp"

namespace motionspool::system {

namespace {

std::string_view name_of(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::trace: return "trace";
        case spdlog::level::debug: return "debug";
        case spdlog::level::info: return "info";
        case spdlog::level::warn: return "warn";
        case spdlog::level::err: return "error";
        case spdlog::level::critical: return "error";
        case spdlog::level::off: return "off";
        case spdlog::level::n_levels: return "off";
    }
    return "off";
}

/// syslog's priorities, as sd-daemon(3) wants them.
int priority_of(spdlog::level::level_enum level) {
    switch (level) {
        case spdlog::level::trace: return 7;
        case spdlog::level::debug: return 7;
        case spdlog::level::info: return 6;
        case spdlog::level::warn: return 4;
        case spdlog::level::err: return 3;
        case spdlog::level::critical: return 2;
        case spdlog::level::off: return 7;
        case spdlog::level::n_levels: return 7;
    }
    return 7;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string visible(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += "\\n";
        } else if (is_control(c)) {
            fmt::format_to(std::back_inserter(out), "\\x{:02x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out;
}

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (is_control(c)) {
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

std::string line_of(LogFormat format, const spdlog::details::log_msg& event) {
    const std::string_view message{event.payload.data(), event.payload.size()};
    const auto time = std::chrono::floor<std::chrono::milliseconds>(event.time);
    switch (format) {
        case LogFormat::json:
            return fmt::format("{{\"time\":\"{}\",\"level\":\"{}\",\"message\":{}}}\n", to_rfc3339(time), name_of(event.level), json_string(message));
        case LogFormat::journal: return fmt::format("<{}>{}\n", priority_of(event.level), visible(message));
        case LogFormat::automatic:
        case LogFormat::text:
            return fmt::format("{} {:5} {}\n", to_rfc3339(std::chrono::floor<std::chrono::seconds>(time)), name_of(event.level), visible(message));
    }
    return {};
}

class LineFormatter final : public spdlog::formatter {
public:
    explicit LineFormatter(LogFormat format) : format_{format} {}
    void format(const spdlog::details::log_msg& event, spdlog::memory_buf_t& out) override {
        const std::string line = line_of(format_, event);
        out.append(line.data(), line.data() + line.size());
    }
    [[nodiscard]] std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<LineFormatter>(format_); }

private:
    LogFormat format_;
};

}  // namespace

std::unique_ptr<spdlog::formatter> make_log_formatter(LogFormat format) { return std::make_unique<LineFormatter>(format); }

}  // namespace motionspool::system
