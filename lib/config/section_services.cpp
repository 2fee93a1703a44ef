// webhook, status, control, hooks, log: how others talk with the daemon.
#include <array>
#include "config/config_values.hpp"
#include "config/sections.hpp"

namespace motionspool::config {
namespace {

std::optional<LogLevel> read_level(const Item& item, Report& report) {
    constexpr std::array<std::string_view, 5> words{"trace", "debug", "info", "warn", "error"};
    constexpr std::array values{LogLevel::trace, LogLevel::debug, LogLevel::info, LogLevel::warn, LogLevel::error};
    const auto choice = read_choice(item, words, report);
    if (!choice) return std::nullopt;
    return values[*choice];
}

std::optional<LogFormat> read_format(const Item& item, Report& report) {
    constexpr std::array<std::string_view, 4> words{"auto", "text", "json", "journal"};
    constexpr std::array values{LogFormat::automatic, LogFormat::text, LogFormat::json, LogFormat::journal};
    const auto choice = read_choice(item, words, report);
    if (!choice) return std::nullopt;
    return values[*choice];
}

}  // namespace

void read_webhook(const Item& item, WebhookSettings& webhook, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "webhook.", report};
    fields.read("public_url", webhook.public_url, read_url_or_empty);
    fields.read("listen", webhook.listen, read_listen_or_unix);
    fields.read("hmac_key_file", webhook.hmac_key_file, read_absolute_path_or_empty);
    fields.finish();
    const auto public_url = fields.find("public_url");
    if (public_url && !webhook.public_url.empty() && webhook.listen.empty())
        report.error(public_url->at(), "`webhook.public_url` is given but `webhook.listen` is not; callbacks would reach nobody");
}

void read_status(const Item& item, StatusSettings& status, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "status.", report};
    fields.read("listen", status.listen, read_listen);
    fields.read("hosts", status.hosts, read_hosts);
    fields.read("output_as", status.output_as, read_line);
    fields.finish();
}

void read_control(const Item& item, ControlSettings& control, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "control.", report};
    fields.read("socket", control.socket, read_socket_path);
    fields.finish();
}

void read_hooks(const Item& item, HookSettings& hooks, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "hooks.", report};
    fields.read("job", hooks.job, read_line);
    fields.read("batch", hooks.batch, read_line);
    fields.read("attention", hooks.attention, read_line);
    fields.finish();
}

void read_log(const Item& item, LogSettings& log, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "log.", report};
    fields.read("level", log.level, read_level);
    fields.read("format", log.format, read_format);
    fields.finish();
}

}  // namespace motionspool::config
