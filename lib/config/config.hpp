#pragma once
#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "base/complaint.hpp"
#include "base/credits.hpp"
#include "config/manifest_defaults.hpp"
#include "domain/price.hpp"
#include "domain/rate.hpp"

namespace motionspool::config {

using std::chrono::milliseconds;

/// How new drops are noticed.
enum class Watch { automatic, inotify, poll };
/// Where the log goes and in which form; automatic: the journal if the standard error is connected to it, else text.
enum class LogFormat { automatic, text, json, journal };
enum class LogLevel { trace, debug, info, warn, error };

struct SpoolSettings {
    std::string directory = "/var/spool/motionspool";
    std::vector<std::string> media_roots;  ///< absolute paths
    milliseconds settle = std::chrono::seconds{5};
    milliseconds patience = std::chrono::minutes{10};
    milliseconds rescan = std::chrono::seconds{30};
    Watch watch = Watch::automatic;
    friend bool operator==(const SpoolSettings&, const SpoolSettings&) = default;
};

struct OutputSettings {
    std::string directory = "/srv/motionspool";
    std::string name = "{batch}/{job}.mp4";              ///< relative, with {batch} {job} {date}; contains {job}
    std::string draft_name = "{batch}/{job}.draft.mp4";  ///< likewise, never the same as `name`
    std::uint64_t keep_free = 5'000'000'000;             ///< bytes
    friend bool operator==(const OutputSettings&, const OutputSettings&) = default;
};

struct StateSettings {
    std::string directory = "/var/lib/motionspool";
    friend bool operator==(const StateSettings&, const StateSettings&) = default;
};

struct ProviderSettings {
    std::string api_url = "https://api.kie.ai";  ///< SCHEME://HOST[:PORT], no slash at the end; http only on loopback
    std::string upload_url = "https://kieai.redpandaai.co";
    std::string api_key_file;  ///< absolute; empty: the credential, else the environment
    std::string model = "kling-2.6/motion-control";
    std::vector<std::string> result_hosts{"aiquickdraw.com", "redpandaai.co", "kie.ai"};  ///< lower case, without a leading dot
    milliseconds upload_ttl = std::chrono::hours{20};
    friend bool operator==(const ProviderSettings&, const ProviderSettings&) = default;
};

struct BreakerSettings {
    int failures = 5;
    milliseconds probe_after = std::chrono::minutes{15};
    friend bool operator==(const BreakerSettings&, const BreakerSettings&) = default;
};

struct LimitSettings {
    std::optional<domain::Rate> submissions = domain::Rate{.count = 20, .window = std::chrono::seconds{10}};  ///< nothing: no limit
    std::optional<domain::Rate> polls = domain::Rate{.count = 10, .window = std::chrono::seconds{1}};         ///< nothing: no limit
    std::optional<int> running = 100;                                                                         ///< nothing: no limit; 0: nothing is submitted
    int uploads = 4;
    int downloads = 4;
    int attempts = 3;
    milliseconds task_deadline = std::chrono::hours{2};
    BreakerSettings breaker;
    std::uint64_t manifest_bytes = 1'000'000;
    int manifest_jobs = 10'000;
    friend bool operator==(const LimitSettings&, const LimitSettings&) = default;
};

struct CreditSettings {
    domain::ByMode per_second = domain::Prices{}.per_second, minimum;
    std::optional<Credits> per_day, per_month;  ///< nothing: no limit
    std::chrono::minutes day_starts{0};         ///< after midnight, local time
    Credits keep_balance;
    std::optional<Credits> ask_above = Credits::whole(5000);   ///< nothing: never asks
    std::optional<Credits> warn_below = Credits::whole(2000);  ///< nothing: never warns
    [[nodiscard]] domain::Prices prices() const { return {per_second, minimum}; }
    friend bool operator==(const CreditSettings&, const CreditSettings&) = default;
};

struct Share {
    int weight = 1;
    std::optional<Credits> per_day, per_month;
    int max_priority = 100;
    friend bool operator==(const Share&, const Share&) = default;
};

/// When jobs may be submitted, in local time. One whose `to` is not after its `from` ends the next day.
struct Window {
    std::array<bool, 7> days{true, true, true, true, true, true, true};  ///< Monday first
    std::chrono::minutes from = std::chrono::hours{22};                  ///< after midnight, < 24 h
    std::chrono::minutes to = std::chrono::hours{6};                     ///< after midnight, <= 24 h, never equal to `from`
    std::optional<Credits> budget;
    friend bool operator==(const Window&, const Window&) = default;
};

struct WebhookSettings {
    std::string public_url;     ///< no slash at the end; empty: polling only
    std::string listen;         ///< HOST:PORT or unix:/PATH
    std::string hmac_key_file;  ///< absolute; empty: the credential
    friend bool operator==(const WebhookSettings&, const WebhookSettings&) = default;
};

struct StatusSettings {
    std::string listen = "127.0.0.1:8377";  ///< HOST:PORT; empty: off
    std::vector<std::string> hosts;         ///< lower case
    std::string output_as;
    friend bool operator==(const StatusSettings&, const StatusSettings&) = default;
};

struct ControlSettings {
    std::string socket = "/run/motionspool/control.sock";
    friend bool operator==(const ControlSettings&, const ControlSettings&) = default;
};

/// Commands, run without a shell; empty: none.
struct HookSettings {
    std::string job, batch, attention;
    friend bool operator==(const HookSettings&, const HookSettings&) = default;
};

struct LogSettings {
    LogLevel level = LogLevel::info;
    LogFormat format = LogFormat::automatic;
    friend bool operator==(const LogSettings&, const LogSettings&) = default;
};

/// The whole configuration, every value in its range. A default-constructed one is what an empty file means.
struct Config {
    std::string instance;  ///< empty: the host name
    SpoolSettings spool;
    OutputSettings output;
    StateSettings state;
    ProviderSettings provider;
    LimitSettings limits;
    CreditSettings credits;
    std::map<std::string, Share> shares;
    std::map<std::string, Window> windows{{"night", Window{}}};
    std::string timezone = "system";  ///< or a name of the tz database, e.g. "Europe/Berlin"
    ManifestDefaults manifest_defaults;
    WebhookSettings webhook;
    StatusSettings status;
    ControlSettings control;
    HookSettings hooks;
    LogSettings log;
    friend bool operator==(const Config&, const Config&) = default;
};

struct LoadedConfig {
    Config config;  ///< to be used only if there is no error among the complaints
    Complaints complaints;
    std::vector<std::string> not_yet;  ///< keys written in the file that have no effect in this version: "credits.per_day"
};

/// Reads a configuration, all errors at once. An empty text is a good configuration. Looks up the time zone's name under /usr/share/zoneinfo, nothing else.
[[nodiscard]] LoadedConfig parse_config(std::string_view bytes);

}  // namespace motionspool::config
