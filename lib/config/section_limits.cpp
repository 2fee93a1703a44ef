// provider, limits, credits: what may be asked of the provider.
#include "config/config_values.hpp"
#include "config/sections.hpp"

namespace motionspool::config {
namespace {

using namespace std::chrono_literals;

std::optional<std::string> read_model(const Item& item, Report& report) {
    auto text = read_line(item, report);
    if (!text) return std::nullopt;
    const bool good = !text->empty() && text->size() <= 100 && text->find(' ') == std::string::npos;
    if (good) return text;
    complain_wrong(item, "the name of a model, such as kling-2.6/motion-control", report);
    return std::nullopt;
}

/// Above zero: a price of nothing would make every limit on credits idle.
std::optional<Credits> read_price(const Item& item, Report& report) {
    const auto credits = read_credits(item, report);
    if (!credits || (*credits > Credits{} && *credits <= Credits::whole(1'000))) return credits;
    complain_wrong(item, "credits a second, above 0 and at most 1000", report);
    return std::nullopt;
}

/// Nothing up to what no video costs.
std::optional<Credits> read_minimum(const Item& item, Report& report) {
    const auto credits = read_credits(item, report);
    if (!credits || (*credits >= Credits{} && *credits <= Credits::whole(100'000))) return credits;
    complain_wrong(item, "credits a video, from 0 to 100000", report);
    return std::nullopt;
}

void read_minimums(const Item& item, domain::ByMode& minimums, Report& report) {
    if (!require_map(item, "minimum charges such as {720p: 0, 1080p: 0}", report)) return;
    Fields fields{item.node, "credits.minimum.", report};
    fields.read("720p", minimums.p720, read_minimum);
    fields.read("1080p", minimums.p1080, read_minimum);
    fields.finish();
}

void read_prices(const Item& item, domain::ByMode& prices, Report& report) {
    if (!require_map(item, "prices such as {720p: 11, 1080p: 18}", report)) return;
    Fields fields{item.node, "credits.per_second.", report};
    fields.read("720p", prices.p720, read_price);
    fields.read("1080p", prices.p1080, read_price);
    fields.finish();
}

void read_breaker(const Item& item, BreakerSettings& breaker, Report& report) {
    if (!require_map(item, "keys such as {failures: 5, probe_after: 15min}", report)) return;
    Fields fields{item.node, "limits.breaker.", report};
    fields.read("failures", breaker.failures, read_integer, 1, 1'000);
    fields.read("probe_after", breaker.probe_after, read_span, SpanRange{1s, 168h});
    fields.finish();
}

}  // namespace

void read_provider(const Item& item, ProviderSettings& provider, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "provider.", report};
    fields.read("api_url", provider.api_url, read_origin);
    fields.read("upload_url", provider.upload_url, read_origin);
    fields.read("api_key_file", provider.api_key_file, read_absolute_path_or_empty);
    fields.read("model", provider.model, read_model);
    fields.read("result_hosts", provider.result_hosts, read_host_suffixes);
    fields.read("upload_ttl", provider.upload_ttl, read_span, SpanRange{1s, 72h});
    fields.finish();
}

void read_limits(const Item& item, LimitSettings& limits, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "limits.", report};
    fields.read("submissions", limits.submissions, read_rate_or_none);
    fields.read("polls", limits.polls, read_rate_or_none);
    fields.read("running", limits.running, read_integer_or_none, 0, 10'000);
    fields.read("uploads", limits.uploads, read_integer, 1, 64);
    fields.read("downloads", limits.downloads, read_integer, 1, 64);
    fields.read("attempts", limits.attempts, read_integer, 1, 20);
    fields.read("task_deadline", limits.task_deadline, read_span, SpanRange{1s, 720h});
    if (const auto breaker = fields.find("breaker")) read_breaker(*breaker, limits.breaker, report);
    fields.read("manifest_bytes", limits.manifest_bytes, read_size, 1'000, 16'000'000);
    fields.read("manifest_jobs", limits.manifest_jobs, read_integer, 1, 100'000);
    fields.finish();
}

void read_credit_settings(const Item& item, CreditSettings& credits, Report& report) {
    if (!require_map(item, expects_keys, report)) return;
    Fields fields{item.node, "credits.", report};
    if (const auto prices = fields.find("per_second")) read_prices(*prices, credits.per_second, report);
    if (const auto minimums = fields.find("minimum")) read_minimums(*minimums, credits.minimum, report);
    fields.read("per_day", credits.per_day, read_credits_or_none);
    fields.read("per_month", credits.per_month, read_credits_or_none);
    fields.read("day_starts", credits.day_starts, read_time_of_day, 23h + 59min);
    std::optional<Credits> keep_balance = credits.keep_balance;
    fields.read("keep_balance", keep_balance, read_credits_or_none);
    credits.keep_balance = keep_balance.value_or(Credits{});
    fields.read("ask_above", credits.ask_above, read_credits_or_none);
    fields.read("warn_below", credits.warn_below, read_credits_or_none);
    fields.finish();
}

}  // namespace motionspool::config
