#include "support/world.hpp"
#include <spdlog/spdlog.h>
#include <boost/asio/co_spawn.hpp>
#include <cstdlib>
#include "app/service.hpp"
#include "async/task_group.hpp"
#include "domain/evidence.hpp"
#include "domain/names.hpp"
#include "spool/layout.hpp"
#include "support/fake_probe.hpp"
#include "support/fake_watcher.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"
#include "system/sha256.hpp"

namespace motionspool::test {
using namespace std::chrono_literals;

namespace {

/// In memory where there is such a place: every commit is an fsync.
fs::path new_folder() {
    const char* parent = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : nullptr;
    auto name = ((parent != nullptr ? fs::path{parent} : fs::temp_directory_path()) / "motionspool-world-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a folder like " + name);
    return name;
}

config::Config config_in(const fs::path& root) {
    config::Config config;
    config.spool.directory = root / "spool";
    config.spool.media_roots = {(root / "media").string()};
    config.output.directory = root / "output";
    config.output.keep_free = 0;
    config.credits.ask_above.reset();  // nobody is there to answer
    config.state.directory = root / "state";
    return config;
}

std::unique_ptr<SQLite::Database> open_database(const fs::path& folder) {
    auto database = store::open_for_writing(folder / "motionspool.db");
    if (!database) throw std::runtime_error(database.problem().text);
    return std::move(*database);
}

spool::Layout open_layout(const fs::path& folder) {
    auto layout = spool::open_layout(folder);
    if (!layout) throw std::runtime_error(layout.problem().text);
    return std::move(*layout);
}

}  // namespace

/// One process.
struct World::Life {
    asio::io_context io{1};
    ManualClock clock;
    std::mt19937_64 random{42};
    spool::Layout layout;
    store::Store store;
    FakeProbe probe;
    FakeWatcher watcher{io.get_executor()};
    std::unique_ptr<http::Client> http;
    app::Places places;
    app::Service service;
    World& world;
    bool ended = false;
    std::string error;

    Life(World& of, const fs::path& root, Instant wall, BootTime boot, const std::string& boot_id)
        : clock{io, wall, boot},
          layout{open_layout(root / "spool")},
          store{io.get_executor(), open_database(root / "state"), [] { return std::chrono::nanoseconds{0}; }},
          http{of.provider.client(clock)},
          places{of.settings, clock, store},
          service{
              of.settings,
              app::Outside{clock, *http, probe, watcher, places, random, [this] { return system::sha256_hex("secret " + std::to_string(++world.secrets)); }},
              store, layout},
          world{of} {
        clock.set_boot_id(boot_id);
        places.begin(world.takes_over);
        probe.on_probe = [this] { world.on_probe(); };
    }
    void run() {
        auto on_end = [this](std::exception_ptr thrown) {
            ended = true;
            try {
                if (thrown) std::rethrow_exception(thrown);
            } catch (const std::exception& what) { error = what.what(); }
        };
        asio::co_spawn(io, live(), std::move(on_end));
        clock.run_ready();
    }
    /// The service, and the provider's callbacks if it asks for any.
    asio::awaitable<void> live() {
        TaskGroup beside{io.get_executor()};
        if (!world.settings.config.webhook.public_url.empty()) {
            auto take = [this](std::string url, std::string task) { return take_callback(std::move(url), std::move(task)); };
            beside.spawn(world.provider.call_back(clock, io.get_executor(), std::move(take)));
        }
        std::exception_ptr failure;
        auto running = service.run([] {});
        try {
            co_await std::move(running);
        } catch (...) { failure = std::current_exception(); }
        beside.cancel();
        try {
            co_await beside.join();
        } catch (const boost::system::system_error&) {}  // cancelled
        if (failure) std::rethrow_exception(failure);
    }
    asio::awaitable<bool> take_callback(std::string url, std::string task) {
        const auto secret = domain::token_in(url, world.settings.config.webhook.public_url);
        if (!secret) throw std::logic_error("a callback URL of another place: " + url);
        auto taking = service.callbacks().take(*secret, std::move(task));
        co_return co_await std::move(taking);
    }
};

Files fox_and_wave() { return {{"fox.png", "image of a fox"}, {"wave.mp4", "motion: a wave"}}; }

std::string manifest_of(const std::string& batch, int jobs, const std::string& more) {
    std::string text = "version: 1\n" + more + "jobs:\n";
    for (int n = 1; n <= jobs; n++) {
        const auto name = "job-" + std::to_string(n);
        text += "  - {id: " + name + ", image: fox.png, motion: wave.mp4, prompt: " + batch + "/" + name + "}\n";
    }
    return text;
}

World::World()
    : settings{{}, "test", {true, "api.kie.ai", 443}, {true, "kieai.redpandaai.co", 443}, system::Secret{"key-1"}},
      root_{new_folder()},
      wall_{std::chrono::sys_days{std::chrono::November / 24 / 2026}},
      boot_{1h} {
    if (std::getenv("WORLD_LOG") == nullptr) spdlog::set_level(spdlog::level::off);
    settings.config = config_in(root_ / "now");
    for (const auto* folder : {"media", "output", "state"}) fs::create_directories(root_ / "now" / folder);
    provider.crash = [this] { crash(); };
}

World::~World() {
    if (life_) {
        crashed_ = true;
        end_life();
    }
    std::error_code ignored;
    fs::remove_all(root_, ignored);
}

void World::drop(const std::string& name, const std::string& manifest, const Files& files) {
    if (life_ && crashed_) end_life();
    const auto hidden = spool() / "incoming" / ("." + name);
    fs::create_directories(hidden);
    for (const auto& [path, content] : files) {
        fs::create_directories((hidden / path).parent_path());
        write_file(hidden / path, content);
    }
    write_file(hidden / "manifest.yaml", manifest);
    fs::rename(hidden, spool() / "incoming" / name);
    ++drops_;
    if (life_) life_->watcher.renamed_in(name);
}

void World::drop(const std::string& name, int jobs) { drop(name, manifest_of(name, jobs), fox_and_wave()); }

void World::drop_lone(const std::string& file, const std::string& manifest) {
    if (life_ && crashed_) end_life();
    fs::create_directories(spool() / "incoming");
    write_file(spool() / "incoming" / ("." + file), manifest);
    fs::rename(spool() / "incoming" / ("." + file), spool() / "incoming" / file);
    ++drops_;
    if (life_) life_->watcher.renamed_in(file);
}

void World::begin_life() {
    ++lives;
    crashed_ = false;
    ended_by_.clear();
    life_ = std::make_unique<Life>(*this, root_ / "now", wall_, boot_, boot_id_);
    auto& group = life_->store.commits;
    group.before_commit = [this] {
        if (crashed_) return;
        if (commit_fails && commit_fails(commits)) throw std::runtime_error("the disk refuses commit " + std::to_string(commits++));
        if (dies_at_commit && dies_at_commit(commits, false)) crash();
    };
    group.after_commit = [this] {
        if (crashed_) return;
        const auto number = commits++;
        if (dies_at_commit && dies_at_commit(number, true)) crash();
    };
    life_->run();
}

void World::start() { begin_life(); }

void World::crash() {
    if (crashed_) return;
    crashed_ = true;
    boot_ = life_->clock.boot();
    wall_ = life_->clock.now();
    provider.cut_off();
    fs::copy(root_ / "now", root_ / "kept", fs::copy_options::recursive | fs::copy_options::copy_symlinks);
    fs::remove(root_ / "kept" / "state" / "motionspool.db-shm");
}

bool World::service_ended() const { return life_->ended; }

/// Lets the process that is over go quietly, on its own clock, and puts back what it left on disk.
void World::end_life() {
    if (!crashed_) {
        boot_ = life_->clock.boot();
        wall_ = life_->clock.now();
        provider.cut_off();
    }
    if (!life_->ended) life_->service.stop();
    if (!life_->clock.run_until(life_->clock.boot() + 24h, [this] { return life_->ended; })) {
        std::fputs("the service does not end\n", stderr);
        std::abort();
    }
    ended_by_ = life_->error;
    life_.reset();
    if (!fs::exists(root_ / "kept")) return;
    fs::remove_all(root_ / "now");
    fs::rename(root_ / "kept", root_ / "now");
}

milliseconds World::stop() {
    const auto began = life_->clock.boot();
    life_->service.stop();
    life_->clock.run_until(began + 24h, [this] { return life_->ended; });
    const auto took = life_->clock.boot() - began;
    end_life();
    return took;
}

void World::restart() {
    if (life_) end_life();
    begin_life();
}

void World::reboot(milliseconds down) {
    if (life_) end_life();
    wall_ += down + 5s;
    boot_ = BootTime{5s};
    boot_id_ = "boot-" + std::to_string(++boots_);
    provider.pass(down + 5s);
    begin_life();
}

bool World::up() const { return life_ && !crashed_ && !life_->ended; }
const std::string& World::ended_by() const { return life_ ? life_->error : ended_by_; }
app::Service& World::service() { return life_->service; }
ManualClock& World::clock() { return life_->clock; }
store::Store& World::store() { return life_->store; }
FakeWatcher& World::watcher() { return life_->watcher; }
FakeProbe& World::probe() { return life_->probe; }

bool World::run_until(milliseconds limit, const std::function<bool()>& enough) {
    bool was_enough = false;
    const auto stop_here = [&] {
        if (watch_output && !crashed_) look_at_output();
        if (!up()) return true;
        was_enough = enough();
        return was_enough;
    };
    life_->clock.run_until(life_->clock.boot() + limit, stop_here);
    return was_enough;
}

Result<std::string> World::act(const Act& act) {
    std::optional<Result<std::string>> said;
    const auto whole = [&]() -> asio::awaitable<void> {
        auto acting = act(life_->service.reconciler());
        said = co_await std::move(acting);
    };
    auto on_end = [&](std::exception_ptr thrown) {
        if (thrown) said = Result<std::string>{Problem{"an exception"}};
    };
    asio::co_spawn(life_->io, whole(), std::move(on_end));
    life_->clock.run_until(life_->clock.boot() + 5min, [&] { return said.has_value(); });
    if (!said) throw std::logic_error("what the operator does never ends");
    return std::move(*said);
}

void World::run_for(milliseconds time) {
    run_until(time, [] { return false; });
}

bool World::at_rest() {
    std::size_t answered = 0;
    for (const auto& batch : store().batches.all()) {
        if (store().queue.waiting(batch.id, 1) > 0) return false;  // the answer most of the time, and cheaper than counting
        const auto counts = store().views.counts(batch.id);
        for (const auto& [state, count] : counts) {
            if (!domain::has_ended(state) && state != domain::JobState::uncertain && count > 0) return false;
        }
        const bool waits = counts.contains(domain::JobState::uncertain);
        if (!waits && batch.state != "filed") return false;
        if (batch.place == ".taking") return false;
        ++answered;
        for (const auto& appended : store().batches.appended_to(batch.id)) {
            if (appended.place != batch.place) return false;
            ++answered;
        }
    }
    for (const auto& entry : fs::directory_iterator{spool("rejected")}) {
        if (entry.path().string().find(".report.") == std::string::npos) ++answered;
    }
    return answered >= drops_;
}

bool World::rest(milliseconds limit) {
    if (!life_) begin_life();
    const auto until = provider.now() + limit;
    for (int starts = 0; provider.now() < until && starts < 100;) {
        if (!up()) {
            restart();
            ++starts;
        }
        std::optional<BootTime> looked;
        const auto enough = [&] {
            if (looked && clock().boot() - *looked < 500ms) return false;
            looked = clock().boot();
            return at_rest();
        };
        if (run_until(until - provider.now(), enough)) return true;
    }
    return false;
}

}  // namespace motionspool::test
