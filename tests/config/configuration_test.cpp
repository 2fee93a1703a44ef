#include "corpus.hpp"

using namespace motionspool;
using namespace motionspool::config;
using namespace motionspool::literals;
using namespace std::chrono_literals;

namespace {
/// A configuration without complaints.
Config good(std::string_view text) {
    const auto loaded = parse_config(text);
    CHECK(corpus::lines(loaded.complaints, text) == "");
    return loaded.config;
}
}  // namespace

TEST_CASE("nothing written means the defaults") {
    for (const auto* text : {"", "\n", "# only a comment\n", "---\n", "{}\n", "spool:\nhooks:\n# all of it commented out\n", "\xEF\xBB\xBF", "shares:\n"}) {
        CAPTURE(text);
        CHECK(good(text) == Config{});
    }
}

TEST_CASE("the defaults are those of the contract") {
    const Config config;
    CHECK(config.spool.settle == 5s);
    CHECK(config.spool.patience == 10min);
    CHECK(config.output.keep_free == 5'000'000'000u);
    CHECK(config.provider.upload_ttl == 20h);
    CHECK(config.limits.submissions == domain::Rate{.count = 20, .window = 10s});
    CHECK(config.limits.polls == domain::Rate{.count = 10, .window = 1s});
    CHECK(config.limits.task_deadline == 2h);
    CHECK(config.credits.per_second.p720 == 11_credits);
    CHECK(config.credits.per_second.p1080 == 18_credits);
    CHECK_FALSE(config.credits.per_day.has_value());
    CHECK(config.credits.ask_above == 5000_credits);
    CHECK(config.windows.at("night").from == 22h);
    CHECK(config.windows.at("night").to == 6h);
    CHECK(config.limits.manifest_bytes == 1'000'000u);
    CHECK(config.limits.manifest_jobs == 10'000);
}

TEST_CASE("every section is read") {
    const auto config = good(R"(
instance: render01
spool: {directory: /data/spool/, media_roots: [/data/media, /nas], settle: 0, patience: 1h, rescan: 500ms, watch: poll}
output: {directory: /data/out, name: "{date}/{batch}-{job}.mp4", draft_name: "d/{job}.mp4", keep_free: 1.5GiB}
state: {directory: /data/state}
provider:
  api_url: http://127.0.0.1:8080/
  upload_url: http://[::1]:8081
  api_key_file: /etc/key
  model: kling-3/motion-control
  result_hosts: [CDN.example.com, localhost, 127.0.0.1]
  upload_ttl: 2h
limits:
  submissions: 5 per 1s
  polls: "2 per 500ms"
  running: 7
  uploads: 1
  downloads: 2
  attempts: 1
  task_deadline: 7d
  breaker: {failures: 2, probe_after: 1min}
  manifest_bytes: 200KB
  manifest_jobs: 50
log: {level: debug, format: json}
)");
    CHECK(config.instance == "render01");
    CHECK(
        config.spool ==
        SpoolSettings{.directory = "/data/spool", .media_roots = {"/data/media", "/nas"}, .settle = 0s, .patience = 1h, .rescan = 500ms, .watch = Watch::poll});
    CHECK(config.output ==
          OutputSettings{.directory = "/data/out", .name = "{date}/{batch}-{job}.mp4", .draft_name = "d/{job}.mp4", .keep_free = 1'610'612'736});
    CHECK(config.state.directory == "/data/state");
    CHECK(config.provider == ProviderSettings{.api_url = "http://127.0.0.1:8080",
                                              .upload_url = "http://[::1]:8081",
                                              .api_key_file = "/etc/key",
                                              .model = "kling-3/motion-control",
                                              .result_hosts = {"cdn.example.com", "localhost", "127.0.0.1"},
                                              .upload_ttl = 2h});
    CHECK(config.limits == LimitSettings{.submissions = domain::Rate{.count = 5, .window = 1s},
                                         .polls = domain::Rate{.count = 2, .window = 500ms},
                                         .running = 7,
                                         .uploads = 1,
                                         .downloads = 2,
                                         .attempts = 1,
                                         .task_deadline = 168h,
                                         .breaker = {.failures = 2, .probe_after = 1min},
                                         .manifest_bytes = 200'000,
                                         .manifest_jobs = 50});
    CHECK(config.log == LogSettings{.level = LogLevel::debug, .format = LogFormat::json});
}

TEST_CASE("amounts of credits are exact, and none is no limit") {
    const auto credits =
        good(
            "credits: {per_second: {720p: 6, 1080p: 9.005}, minimum: {720p: 120}, per_day: 1e3, per_month: 20000.5, day_starts: \"12:30\", keep_balance: 10, "
            "ask_above: none, warn_below: 0}")
            .credits;
    CHECK(credits.per_second == domain::ByMode{6_credits, Credits::from_milli(9'005)});
    CHECK(credits.minimum == domain::ByMode{120_credits, 0_credits});
    CHECK(credits.prices() == domain::Prices{credits.per_second, credits.minimum});
    CHECK(credits.per_day == 1000_credits);
    CHECK(credits.per_month == Credits::from_milli(20'000'500));
    CHECK(credits.day_starts == 12h + 30min);
    CHECK(credits.keep_balance == 10_credits);
    CHECK_FALSE(credits.ask_above.has_value());
    CHECK(credits.warn_below == 0_credits);
    CHECK(good("credits: {keep_balance: none}").credits.keep_balance == 0_credits);
    CHECK(good("output: {keep_free: none}").output.keep_free == 0);
    CHECK(good("output: {keep_free: 0}").output.keep_free == 0);
}

TEST_CASE("shares and windows are read by name, and written windows replace the default") {
    const auto config = good(R"(
shares: {marketing: {weight: 3, per_day: 500, per_month: 9000}, Füchse: {max_priority: -5}}
windows:
  lunch: {from: 11:30, to: "13:00", days: [mon, fri], budget: 200}
  always: {from: "00:00", to: "24:00"}
timezone: Europe/Berlin
)");
    CHECK(config.shares.at("marketing") == Share{.weight = 3, .per_day = 500_credits, .per_month = 9000_credits, .max_priority = 100});
    CHECK(config.shares.at("Füchse").max_priority == -5);
    CHECK(config.windows.size() == 2);
    CHECK(config.windows.at("lunch") == Window{.days = {true, false, false, false, true, false, false}, .from = 11h + 30min, .to = 13h, .budget = 200_credits});
    CHECK(config.windows.at("always").to == 24h);
    CHECK(config.timezone == "Europe/Berlin");
    CHECK(good("windows: {}").windows.empty());
    CHECK(good("timezone: UTC").timezone == "UTC");
}

TEST_CASE("the services are read") {
    const auto config = good(R"(
webhook: {public_url: "https://render.example.com/motion/", listen: "unix:/run/motionspool/webhook.sock", hmac_key_file: /etc/hmac}
status: {listen: "[::1]:0", hosts: [Render01, render01.example.com], output_as: '\\render01\motion'}
control: {socket: /tmp/control.sock}
hooks: {job: /usr/bin/notify --job, batch: "", attention: /usr/bin/page}
)");
    CHECK(config.webhook ==
          WebhookSettings{.public_url = "https://render.example.com/motion", .listen = "unix:/run/motionspool/webhook.sock", .hmac_key_file = "/etc/hmac"});
    CHECK(config.status == StatusSettings{.listen = "[::1]:0", .hosts = {"render01", "render01.example.com"}, .output_as = R"(\\render01\motion)"});
    CHECK(config.control.socket == "/tmp/control.sock");
    CHECK(config.hooks == HookSettings{.job = "/usr/bin/notify --job", .batch = "", .attention = "/usr/bin/page"});
    CHECK(good("status: {listen: \"\"}").status.listen.empty());
}

TEST_CASE("manifest_defaults take what a manifest takes") {
    const auto defaults = good(R"(
shares: {marketing: {}}
manifest_defaults:
  priority: -3
  share: marketing
  window: night
  budget: 100
  partial: true
  finish: ask
  defaults: {image: fox.png, mode: 1080p, orientation: image, prompt: Studio light., seconds: 4.5, takes: 2}
)")
                              .manifest_defaults;
    CHECK(defaults == ManifestDefaults{.priority = -3,
                                       .share = "marketing",
                                       .window = "night",
                                       .budget = 100_credits,
                                       .partial = true,
                                       .finish = domain::Finish::ask,
                                       .job = {.image = domain::Written{"fox.png", {}},
                                               .motion = {},
                                               .prompt = "Studio light.",
                                               .mode = domain::Mode::p1080,
                                               .orientation = domain::Orientation::image,
                                               .seconds = 4'500ms,
                                               .takes = 2}});
    CHECK(good("manifest_defaults: {window: none, budget: none}").manifest_defaults == ManifestDefaults{});
}

TEST_CASE("keys that have no effect yet are named, in the order of the file, but for those that turn something off") {
    const auto not_yet = [](std::string_view text) { return join(parse_config(text).not_yet, " "); };
    CHECK(not_yet("spool: {settle: 1s}\nlimits: {running: 5}\ncredits: {per_second: {720p: 6}}\nmanifest_defaults: {priority: 5}") == "");
    CHECK(not_yet("hooks: {job: x}\ncredits: {warn_below: 5, per_day: 5}\nwindows: {}") == "hooks.job");
    CHECK(not_yet("manifest_defaults: {window: none, budget: 1, finish: none}") == "manifest_defaults.finish");
    CHECK(not_yet("webhook: {listen: \"\"}\nstatus: {listen: \"\"}\ncontrol: {socket: /x}\nshares: {a: {weight: 2}}") == "");
    CHECK(not_yet("output: {draft_name: \"{job}\"}\nlimits: {breaker: {failures: 1}}") == "output.draft_name");
}

TEST_CASE("what is wrong keeps its default, what is right beside it is read") {
    const auto loaded = parse_config("limits: {running: many, uploads: 2}\nlog: {level: loud}\n");
    CHECK(loaded.complaints.size() == 2);
    CHECK(loaded.config.limits.running == 100);
    CHECK(loaded.config.limits.uploads == 2);
    CHECK(loaded.config.log.level == LogLevel::info);
}

TEST_CASE("a configuration of more than 1 MB is refused") {
    const auto loaded = parse_config(std::string(1'000'001, '\n'));
    REQUIRE(loaded.complaints.size() == 1);
    CHECK(loaded.complaints[0].text == "the file is larger than 1 MB, the most that is read; split it");
}

TEST_CASE("none means no limit, and 0 is zero") {
    const auto loaded = parse_config("limits: {submissions: none, polls: none, running: none}\n");
    CHECK(loaded.complaints.empty());
    CHECK_FALSE(loaded.config.limits.submissions.has_value());
    CHECK_FALSE(loaded.config.limits.polls.has_value());
    CHECK_FALSE(loaded.config.limits.running.has_value());
    CHECK(parse_config("limits: {running: 0}\n").config.limits.running == 0);
}
