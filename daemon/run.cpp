#include "run.hpp"
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <CLI/App.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <filesystem>
#include "app/places.hpp"
#include "app/service.hpp"
#include "app/standing.hpp"
#include "base/text.hpp"
#include "exit.hpp"
#include "foundation.hpp"
#include "loop_watch.hpp"
#include "store/backup.hpp"
#include "system/log.hpp"
#include "system/log_setup.hpp"
#include "system/notify.hpp"
#include "system/random.hpp"
#include "system/real_clock.hpp"
#include "system/signals.hpp"
#include "system/ticks.hpp"
#include "web/control.hpp"
#include "web/webhook.hpp"

namespace motionspool {
using namespace std::chrono_literals;

namespace {

/// Everything of one run of the daemon that outlives its coroutines.
struct Daemon {
    asio::io_context io{1};
    system::RealClock clock;
    system::Signals signals{io.get_executor(), {SIGTERM, SIGINT, SIGHUP}};
    std::mt19937_64 random = system::seeded_engine();
    const app::Settings& settings;
    store::Store store;
    app::Places places;
    std::unique_ptr<http::Client> http;
    std::unique_ptr<media::Probe> probe;
    LoopWatch watch{clock, store.commits};
    app::Service* service = nullptr;
    bool stopping = false;

    Daemon(const app::Settings& s, std::unique_ptr<SQLite::Database> database, std::filesystem::path probe_program)
        : settings{s},
          store{io.get_executor(), std::move(database), system::monotonic_ticks},
          places{settings, clock, store},
          http{http::make_client(io.get_executor(), {.user_agent = "motionspool/" MOTIONSPOOL_VERSION, .tls_now = settings.api.tls || settings.upload.tls})},
          probe{media::make_probe(io.get_executor(), std::move(probe_program))} {}

    /// @throws Exit 75, 78, 73
    void begin_places(bool take_over) {
        try {
            places.begin(take_over);
        } catch (const app::OutputHeld& held) { throw Exit{EX_TEMPFAIL, held.what()}; } catch (const app::OutputUnknown& unknown) {
            throw Exit{EX_CONFIG, unknown.what()};
        } catch (const std::runtime_error& error) { throw Exit{EX_CANTCREAT, error.what()}; }
    }
};

asio::awaitable<void> heed_signals(Daemon& daemon, TaskGroup& group) {
    for (;;) {
        const int number = co_await daemon.signals.next();
        if (number == SIGHUP) {
            log::warn("a reload (SIGHUP) is not available in this version; restart the daemon to read the configuration anew, nothing is lost by it");
            continue;
        }
        if (daemon.stopping) {
            log::warn("stopped at once by a second signal; unanswered submissions stay uncertain");
            std::_Exit(1);
        }
        daemon.stopping = true;
        const auto unanswered = daemon.service == nullptr ? 0 : daemon.service->unanswered();
        const auto text = unanswered == 0 ? std::string{"stopping"} : "stopping; waiting for the answer to " + count_of(unanswered, "paid submission");
        system::notify_stopping(text);
        log::info("{}", text);
        if (unanswered > 0) system::notify_extend_timeout(190s);
        if (daemon.service != nullptr)
            daemon.service->stop();
        else
            group.cancel();
    }
}

/// Without the setgid bit what people drop keeps their own group, and may be unreadable for the service.
void warn_without_group(const spool::Layout& layout) {
    struct stat facts {};
    if (::fstat(layout.incoming.get(), &facts) == 0 && (facts.st_mode & S_ISGID) != 0) return;
    log::warn("the folder {}/incoming does not pass its group on to what is dropped there; run: chmod g+s {}/incoming", layout.directory.string(),
              layout.directory.string());
}

/// A spool that was opened, and is nobody else's while this lives.
struct OpenSpool {
    std::optional<system::PlaceLock> lock;  ///< nothing: it is away
    spool::Layout layout;
};

/// @throws Exit 75, 78, 73
OpenSpool open_spool(Daemon& daemon, bool take_over) {
    const std::filesystem::path directory{daemon.settings.config.spool.directory};
    auto spool = require_spool(daemon.settings, daemon.store, take_over);
    if (!spool.lock) {
        app::miss_spool(daemon.store, daemon.clock.now());
        spool::Layout away;
        away.directory = directory;
        return {std::nullopt, std::move(away)};
    }
    auto layout = spool::open_layout(directory);
    if (!layout) throw Exit{EX_CANTCREAT, layout.problem().text};
    app::spool_is_here(daemon.store);
    warn_without_group(*layout);
    return {std::move(spool.lock), std::move(*layout)};
}

spool::WatchMode watch_mode(config::Watch watch) {
    switch (watch) {
        case config::Watch::automatic: return spool::WatchMode::automatic;
        case config::Watch::inotify: return spool::WatchMode::inotify;
        case config::Watch::poll: return spool::WatchMode::poll;
    }
    return spool::WatchMode::automatic;
}

/// Nothing if `webhook.listen` is empty. @throws Exit 69 if it cannot listen there
std::unique_ptr<web::Webhook> open_webhook(Daemon& daemon, app::Service& service) {
    const auto& settings = daemon.settings;
    if (settings.config.webhook.listen.empty()) return nullptr;
    auto webhook = web::Webhook::open(daemon.io.get_executor(), settings, daemon.clock, service.callbacks(), daemon.store.attempts.callback_urls());
    if (!webhook) throw Exit{EX_UNAVAILABLE, "webhook.listen: " + webhook.problem().text};
    if (!settings.webhook_key) {
        log::warn(
            "callbacks are not signed: give the provider's webhook key as webhook.hmac_key_file or as the credential kie-webhook-key; "
            "until then the secret in their URL is all the proof there is");
    }
    log::info("callbacks are taken on {}", (*webhook)->listening_on());
    service.accompany([listener = webhook->get()] { return listener->serve(); });
    return std::move(*webhook);
}

/// The acting commands' way in. Without it the daemon works, and says what is missing.
std::unique_ptr<http::Server> open_control(Daemon& daemon, app::Service& service, web::Controls& controls) {
    auto control = web::listen_for_control(daemon.io.get_executor(), daemon.settings.config.control.socket, controls);
    if (!control) {
        log::error("hold, cancel and the other acting commands do not work: {}; control.socket sets another place", control.problem().text);
        return nullptr;
    }
    service.accompany([server = control->get()] { return server->serve(); });
    return std::move(*control);
}

/// Works with the spool that is there now, until stopped or until it is another one.
asio::awaitable<void> serve_spool(Daemon& daemon, bool take_over) {
    const auto opened = open_spool(daemon, take_over);
    const auto& spool = daemon.settings.config.spool;
    const auto mode = opened.lock ? watch_mode(spool.watch) : spool::WatchMode::poll;  // there is nothing to watch yet
    auto watcher = spool::make_watcher(daemon.io.get_executor(), daemon.clock, std::filesystem::path{spool.directory} / "incoming", mode);
    if (!watcher) throw Exit{EX_OSERR, watcher.problem().text};
    if (opened.lock && (*watcher)->polls())
        log::info("{}/incoming is looked into every 2 s{}", spool.directory,
                  spool.watch == config::Watch::automatic ? ": it is on a network file system, or the machine has no inotify watches left" : "");
    const app::Outside outside{daemon.clock, *daemon.http, *daemon.probe, **watcher, daemon.places, daemon.random, system::random_token};
    app::Service service{daemon.settings, outside, daemon.store, opened.layout};
    const auto webhook = open_webhook(daemon, service);
    web::Controls controls{service.actions(),
                           service.quarantine(),
                           service.reconciler(),
                           daemon.store,
                           [&] { return app::money_now(daemon.store, daemon.settings.config, service.accounting_time()); },
                           state_directory_of(daemon.settings.config)};
    const auto control = open_control(daemon, service, controls);
    daemon.service = &service;
    service.stands = [](const std::string& text) { system::notify_status(text); };
    const auto ready = [&] {
        if (opened.lock) log::info("ready: drop folders into {}/incoming, videos appear in {}", spool.directory, daemon.settings.config.output.directory);
        system::notify_ready(service.stand());
    };
    auto running = service.run(ready);
    std::exception_ptr failure;
    try {
        co_await std::move(running);
    } catch (...) { failure = std::current_exception(); }
    daemon.service = nullptr;
    if (failure) std::rethrow_exception(failure);
}

/// Nobody else has it: what was committed since the database was removed is nowhere on disk. Tried until it is saved, or a person stops the daemon.
asio::awaitable<void> save_what_is_known(Daemon& daemon, std::string why) {
    for (bool told = false;; told = true) {
        const auto saved = app::save_database(daemon.store, daemon.settings.config, daemon.clock.now());
        if (saved) {
            log::error("{}. What it knew is saved as {}; put it back with: motionspool restore {}", why, saved->string(), saved->string());
            break;
        }
        if (!told)
            log::critical("{}, and what it knew cannot be saved: {}. It is tried again every 5 s; do not stop the daemon before", why, saved.problem().text);
        system::notify_status("cannot save what the removed database knew; its log says why");
        if (daemon.stopping) break;
        co_await daemon.clock.sleep_for(5s);
    }
    if (!daemon.store.files.log_lies_there()) co_return;
    const auto aside = store::set_log_aside(std::filesystem::path{daemon.settings.config.state.directory} / "motionspool.db", std::to_string(::getpid()));
    if (!aside) log::error("the write-ahead log of the removed database is in the way: {}", aside.problem().text);
}

asio::awaitable<void> serve(Daemon& daemon, TaskGroup& group, bool take_over) {
    std::exception_ptr failure;
    for (bool again = true; std::exchange(again, false);) {
        auto serving = serve_spool(daemon, take_over);
        try {
            co_await std::move(serving);
        } catch (const app::SpoolReplaced& replaced) {
            log::warn("{}", replaced.what());
            again = !daemon.stopping;
        } catch (const app::StateLost& lost) {
            log::error("{}", lost.what());
            failure = std::current_exception();
        } catch (const app::SpoolTaken& taken) {
            failure = std::make_exception_ptr(Exit{EX_CONFIG, std::string{taken.what()} + "; this daemon has stopped"});
        } catch (...) { failure = std::current_exception(); }
        take_over = false;
    }
    daemon.watch.tell();
    const auto found = daemon.store.files.look();
    // Another database beside our log: that would be played over it, and is the only place of what was committed last.
    const bool replaced = found == store::Whereabouts::another && daemon.store.files.log_lies_there();
    if (found == store::Whereabouts::removed || replaced) {
        auto saving = save_what_is_known(
            daemon, "the database in " + daemon.settings.config.state.directory + " was " + (replaced ? "replaced" : "removed") + " while the daemon ran");
        co_await std::move(saving);
    }
    if (failure) std::rethrow_exception(failure);
    group.cancel();
}

asio::awaitable<void> whole(Daemon& daemon, bool take_over) {
    TaskGroup group{daemon.io.get_executor()};
    group.spawn(heed_signals(daemon, group));
    group.spawn(daemon.watch.run());
    group.spawn(serve(daemon, group, take_over));
    try {
        co_await group.join();
    } catch (const boost::system::system_error& error) {
        if (error.code() != asio::error::operation_aborted) throw;
    }
}

void run_loop(Daemon& daemon, bool take_over) {
    std::exception_ptr failure;
    auto on_end = [&](std::exception_ptr error) { failure = std::move(error); };
    asio::co_spawn(daemon.io, whole(daemon, take_over), std::move(on_end));
    daemon.io.run();
    if (failure) std::rethrow_exception(failure);
}

/// Connections, inputs and results are descriptors; the usual soft limit is for programs that use select().
void raise_descriptor_limit() {
    struct rlimit limit {};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

system::LogFormat format_of(config::LogFormat format) {
    switch (format) {
        case config::LogFormat::automatic: return system::LogFormat::automatic;
        case config::LogFormat::text: return system::LogFormat::text;
        case config::LogFormat::json: return system::LogFormat::json;
        case config::LogFormat::journal: return system::LogFormat::journal;
    }
    return system::LogFormat::automatic;
}

/// Waits until there is a state directory to work with. @return false: stopped meanwhile
bool wait_for_state(const config::Config& config) {
    const auto why = state_away(config);
    if (!why) return true;
    asio::io_context io{1};
    system::RealClock clock;
    system::Signals signals{io.get_executor(), {SIGTERM, SIGINT, SIGHUP}};
    log::error("waiting, and nothing is made in its place: {}", *why);
    system::notify_ready("waits for the state directory " + config.state.directory);
    bool stopped = false;
    TaskGroup group{io.get_executor()};
    const auto heed = [&]() -> asio::awaitable<void> {
        int number = SIGHUP;
        while (number == SIGHUP) number = co_await signals.next();
        log::info("stopping (signal {})", number);
        stopped = true;
        group.cancel();
    };
    const auto look = [&]() -> asio::awaitable<void> {
        while (state_away(config)) {
            system::notify_watchdog();
            co_await clock.sleep_for(1s);
        }
        group.cancel();
    };
    const auto both = [&]() -> asio::awaitable<void> {
        group.spawn(heed());
        group.spawn(look());
        try {
            co_await group.join();
        } catch (const boost::system::system_error&) {}  // cancelled
    };
    auto on_end = [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    };
    asio::co_spawn(io, both(), std::move(on_end));
    io.run();
    return !stopped;
}

/// @param begun set once every folder is known to be this one's; @return false: the database went from under it, begin anew
bool live(const ConfigFile& file, const app::Settings& settings, const std::filesystem::path& program, const RunOptions& run, bool& begun) {
    const auto& config = settings.config;
    const auto missed = state_missed(config);
    const bool take_over = run.take_over || (run.new_state && missed);
    auto database = require_database(config.state.directory);
    Daemon daemon{settings, std::move(database), program};
    auto& notes = daemon.store.notes;
    if (!daemon.store.files.watched())
        log::warn("the database's open files cannot be seen (is /proc not mounted?): if it is removed under the daemon, nobody notices");
    const auto original = require_original(daemon.store, config, take_over);
    if (!notes.fact("state_id")) notes.set_fact("state_id", system::random_token());
    notes.set_fact("configuration", fingerprint(file));
    if (missed)
        notes.set_fact("quarantine", "this database was begun anew (run --new-state) although " + missed->why);
    else if (const auto reason = begun_beside_another(daemon.store, config); reason && !notes.fact("quarantine"))
        notes.set_fact("quarantine", *reason);
    if (notes.fact("output") != config.output.directory || take_over) require_folder(config.output.directory, "output.directory", Share::group);
    if (notes.fact("spool") != config.spool.directory || take_over) require_folder(config.spool.directory, "spool.directory", Share::group);
    const bool spool_taken = require_own_spool(daemon.settings, daemon.store, take_over);
    if (spool_taken && daemon.places.nobody_vouches() && !notes.fact("quarantine"))
        notes.set_fact("quarantine", "run --take-over was needed for the spool, and the output folder " + config.output.directory +
                                         " has no money side-file, either, which would tell whether this database is an old one that was put back");
    daemon.begin_places(take_over);
    if (original) go_on_instead(*original, daemon.store, config);
    begun = true;
    try {
        run_loop(daemon, take_over);
    } catch (const Exit&) { throw; } catch (const app::StateLost&) {
        return daemon.stopping;
    } catch (const std::exception& error) {
        throw Exit{EX_IOERR, std::string{"stopped: "} + error.what() + "; what was recorded is taken up again at the next start"};
    }
    return true;
}

/// The same, under the state directory's lock. A start that is refused leaves no database that was not there: it would hide that one is missed.
bool run_once(const ConfigFile& file, const app::Settings& settings, const std::filesystem::path& program, const RunOptions& run) {
    const std::filesystem::path directory{settings.config.state.directory};
    require_folder(directory.string(), "state.directory", Share::service);
    const auto lock = require_state_lock(settings.instance, directory.string());
    const bool fresh = !holds_database(directory.string());
    bool begun = false;
    try {
        return live(file, settings, program, run, begun);
    } catch (...) {
        std::error_code error;
        if (fresh && !begun)
            for (const auto* name : {"motionspool.db", "motionspool.db-wal", "motionspool.db-shm"}) std::filesystem::remove(directory / name, error);
        throw;
    }
}

}  // namespace

CLI::App* add_run(CLI::App& root, RunOptions& options) {
    auto* command = root.add_subcommand("run", "the daemon, in the foreground");
    command->add_flag("--take-over", options.take_over,
                      "make a spool that belongs to another state directory, or one that was lost and is empty, this one's; likewise an output folder");
    command->add_flag("--new-state", options.new_state, "begin a new database where one is missed that is gone for good; it begins in quarantine");
    return command->fallthrough();
}

int run_daemon(const Options& options, const RunOptions& run) {
    ::prctl(PR_SET_DUMPABLE, 0);  // a core would hold the key; children that run another program are not concerned
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    if (run.take_over || run.new_state) require_its_user(config, run.new_state ? "--new-state" : "--take-over", file.path);
    system::set_up_log(static_cast<system::LogLevel>(config.log.level), format_of(config.log.format));
    system::ignore_broken_pipes();
    asio::io_context never;
    const system::Signals from_now_on{never.get_executor(), {SIGHUP}};  // it ends nothing, nor where nobody waits for it just now
    raise_descriptor_limit();
    ::umask(0007);
    const auto settings = make_settings(config);
    const auto program = media::find_probe_program();
    if (!program) throw Exit{EX_UNAVAILABLE, program.problem().text};
    if (!file.loaded.not_yet.empty()) log::warn("these settings have no effect in this version: {}", join(file.loaded.not_yet, ", "));
    for (auto once = run; once.new_state || wait_for_state(config); once = {}) {
        const bool over = run_once(file, settings, *program, once);
        if (over) break;
    }
    log::info("stopped");
    return EX_OK;
}

}  // namespace motionspool
