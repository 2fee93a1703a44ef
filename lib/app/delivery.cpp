#include "app/delivery.hpp"
#include <sys/stat.h>
#include <system_error>
#include "app/output.hpp"
#include "app/sidecar.hpp"
#include "app/standing.hpp"
#include "base/same_file.hpp"
#include "base/seeded.hpp"
#include "domain/retry.hpp"
#include "domain/waiting.hpp"
#include "http/link.hpp"
#include "http/redirect.hpp"
#include "kie/files.hpp"
#include "system/log.hpp"
#include "system/time_zone.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using domain::JobState;

namespace {
constexpr int broken_limit = 5;  ///< so often a result is fetched anew because it is no complete video
constexpr int redirect_limit = 5;
constexpr auto gone_limit = 24h;  ///< so long without a link that works, and the result is gone for good

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        lines.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}
}  // namespace

Delivery::Delivery(const Settings& settings, Clock& clock, store::Store& store, http::Client& http, Places& places, std::mt19937_64& random)
    : settings_{settings},
      clock_{clock},
      store_{store},
      http_{http},
      places_{places},
      random_{random},
      zone_{system::time_zone(settings.config.timezone)},
      slots_{store.executor, settings.config.limits.downloads},
      folders_{store.executor} {}

asio::awaitable<void> Delivery::fetch(JobId id) {
    if (!fetching_.insert(id).second) co_return;  // given up and taken up again before that was noticed
    struct Place {
        std::set<JobId>& fetching;
        JobId id;
        ~Place() { fetching.erase(id); }
    };
    const Place leaves{fetching_, id};
    auto fetching = fetch_alone(id);
    co_await std::move(fetching);
}

asio::awaitable<void> Delivery::fetch_alone(JobId id) {
    const auto job = store_.jobs.get(id);
    if (!job || job->state != JobState::downloading) co_return;
    const auto attempt = store_.attempts.rendered(id, job->stage);
    if (!attempt) co_return;
    auto links = lines_of(*attempt->result_url);
    std::size_t which = 0;  // of the links is tried
    const auto as_told = links;
    struct Round {
        bool broken = false;   ///< every link so far is no video
        bool expired = false;  ///< some link works no more
    } round;
    bool renewed = false;  ///< the link that is tried, in this round
    std::string trouble;
    std::optional<ResultFile> file;
    std::optional<BootTime> gone_since;
    auto times = places_.times();
    for (int failures = 0, broken = 0;;) {
        auto waiting = wait_for_places(id);
        co_await std::move(waiting);
        try {
            const auto slot = co_await slots_.enter();
            if (std::exchange(times, places_.times()) != places_.times()) file.reset();  // it lies in a folder that went away
            require_places(times);
            if (given_up(*job, attempt->id)) co_return;
            if (const auto placing = already_there(*job)) {
                const auto its_attempt = store_.attempts.get(placing->attempt);
                auto concluding = conclude(*job, *its_attempt, *placing);
                co_await std::move(concluding);
                co_return;
            }
            const auto low = low_disk(settings_.config);
            if (low) throw std::system_error(std::make_error_code(std::errc::no_space_on_device), low->where + " is below output.keep_free");
            if (!file) file.emplace(temporary_name(settings_.config.output, zone_, *job, attempt->id));
            const auto before = file->size();
            auto downloading = download(links[which], *file);
            const auto fetched = co_await std::move(downloading);
            require_places(times);
            if (fetched.good) {
                auto placing = place(*job, *attempt, *file);
                co_await std::move(placing);
                co_return;
            }
            trouble = fetched.trouble;
            round = which == 0 ? Round{fetched.broken, fetched.expired} : Round{round.broken && fetched.broken, round.expired || fetched.expired};
            if (which + 1 < links.size() && file->size() == 0 && fetched.expired && !std::exchange(renewed, true)) {
                auto asking = fresh_link(as_told[which]);
                auto fresh = co_await std::move(asking);
                links[which] = std::move(fresh);
                continue;
            }
            const bool no_video = fetched.broken || fetched.expired;  // proof; whatever else went wrong, it may be this one
            if (which + 1 < links.size() && file->size() == 0 && no_video) {
                which++;
                renewed = false;
                continue;
            }
            if (file->size() > before) failures = 0;
            if (round.broken && ++broken >= broken_limit) {
                fail(*job, attempt->id, {"result-broken", trouble}, *file);
                co_return;
            }
            gone_since = round.expired ? gone_since.value_or(clock_.boot()) : std::optional<BootTime>{};
            if (gone_since && clock_.boot() - *gone_since >= gone_limit) {
                fail(*job, attempt->id, {"result-missing", trouble + ", for a day now"}, *file);
                co_return;
            }
            if (no_video && which > 0) file->start_over();
            if (no_video || file->size() == 0) which = 0;
            renewed = false;
            if (no_video || round.expired) {
                auto asking = fresh_link(as_told.front());
                auto fresh = co_await std::move(asking);
                links.front() = std::move(fresh);
            }
        } catch (const std::system_error& error) {
            file.reset();
            trouble = error.what();
        }
        failures++;
        const auto wait = domain::retry_delay(failures) / 2 + domain::jittered(domain::retry_delay(failures) / 2, random_());
        store_.deliveries.put_off(id, trouble, clock_.now() + wait, clock_.now());
        log::warn("{}/{} is not delivered yet: {}; next try in {}", job->batch_name, job->name, trouble, to_words(wait));
        co_await clock_.sleep_for(wait);
    }
}

asio::awaitable<void> Delivery::wait_for_places(JobId id) {
    constexpr auto between_looks = 5s;
    for (auto away = places_.away(); away; away = places_.away()) {
        store_.deliveries.put_off(id, domain::words_for(*away), clock_.now() + between_looks, clock_.now());
        co_await clock_.sleep_for(between_looks);
    }
}

void Delivery::require_places(std::uint64_t times) {
    const auto away = places_.away();
    if (away) throw std::system_error(std::make_error_code(std::errc::no_such_device), domain::words_for(*away));
    if (times != places_.times()) throw std::system_error(std::make_error_code(std::errc::no_such_device), "the output folder was away meanwhile");
}

void Delivery::require_own(const ResultFile& file) {
    struct stat opened {
    }, named{};
    const bool own = ::fstat(file.fd(), &opened) == 0 && ::lstat(file.path().c_str(), &named) == 0 && same_file(opened, named) &&
                     static_cast<std::uint64_t>(opened.st_size) == file.size();
    if (!own) throw std::system_error(std::make_error_code(std::errc::no_such_file_or_directory), file.path().string() + " is not the file that was fetched");
}

asio::awaitable<Delivery::Fetched> Delivery::download(std::string text, ResultFile& file) {
    auto url = http::resolve_link({settings_.api, "/"}, text);
    for (int hops = 0; hops <= redirect_limit; hops++) {
        if (!url) co_return Fetched{.trouble = url.problem().text};
        if (!kie::may_fetch(*url, settings_.config.provider.result_hosts, settings_.api)) {
            co_return Fetched{.trouble = "the provider names a result at " + http::to_string(url->origin) + ", which is not among provider.result_hosts"};
        }
        const auto reach = url->origin == settings_.api && http::is_loopback(settings_.api) ? http::Reach::anywhere : http::Reach::global_only;
        const http::Limits limits{.total = 2h, .idle = 60s, .body = 64u << 10};
        http::Request request{"GET", url->target, file.resume_headers(), std::string{}};
        auto getting = http_.send(url->origin, std::move(request), limits, &file, reach);
        const auto exchange = co_await std::move(getting);
        if (const auto* failure = std::get_if<http::Failure>(&exchange)) co_return Fetched{.trouble = file.trouble().empty() ? failure->text : file.trouble()};
        const auto& response = std::get<http::Response>(exchange);
        if (http::is_redirect(response.status)) {
            url = http::redirected(*url, response);
            continue;
        }
        const auto said = "the result host answers HTTP " + std::to_string(response.status);
        if (!file.took() && (response.status == 206 || response.status == 416)) file.start_over();
        if (response.status == 403 || response.status == 404 || response.status == 410) co_return Fetched{.expired = true, .trouble = said};
        if (!file.took()) co_return Fetched{.trouble = said};
        const auto broken = broken_video(file.fd(), file.size());
        if (!broken) co_return Fetched{.good = true};
        file.start_over();
        co_return Fetched{.broken = true, .trouble = "the result is not usable: " + *broken};
    }
    co_return Fetched{.trouble = "the result host redirects without end"};
}

asio::awaitable<std::string> Delivery::fresh_link(std::string url) {
    const http::Limits limits{.total = 60s, .idle = 30s, .body = 1u << 20};
    auto request = kie::ask_fresh_link(settings_.key.reveal(), url);
    auto asking = http_.send(settings_.api, std::move(request), limits, nullptr, http::Reach::anywhere);
    const auto exchange = co_await std::move(asking);
    const auto fresh = kie::read_fresh_link(exchange);
    co_return fresh.empty() ? url : fresh;
}

asio::awaitable<void> Delivery::place(const store::Job& job, const store::Attempt& attempt, ResultFile& file) {
    const auto times = places_.times();
    file.sync();
    store::Placing placing{job.id, job.stage, attempt.id, {}, file.size(), file.sha256()};
    for (unsigned n = 1;; n++) {
        placing.path = final_name(settings_.config.output, zone_, job, n);
        if (store_.deliveries.taken(placing.path, job.id)) continue;
        store_.deliveries.placing(placing);
        co_await store_.commits.durable();
        require_places(times);
        if (given_up(job, attempt.id)) co_return;
        require_own(file);
        if (give_name(file.path(), placing.path)) break;
    }
    auto concluding = conclude(job, attempt, placing);
    co_await std::move(concluding);
}

asio::awaitable<void> Delivery::conclude(const store::Job& job, const store::Attempt& attempt, const store::Placing& placing) {
    const auto times = places_.times();
    require_places(times);
    const auto information = write_sidecar(settings_, store_, job, attempt, placing, clock_.now());
    const auto folder = std::filesystem::path{placing.path}.parent_path();
    if (!seeded("no-folder-fsync")) co_await folders_.durable(folder);
    co_await folders_.durable(information);
    require_places(times);
    const bool done = store_.deliveries.done(placing, clock_.now());
    if (!done) take_back(job, placing);
    co_await store_.commits.durable();
    if (done) log::info("{}/{} done: {}", job.batch_name, job.name, placing.path);
}

void Delivery::recover() {
    for (const auto& placing : store_.deliveries.given_up()) take_back(*store_.jobs.get(placing.job), placing);
}

void Delivery::take_back(const store::Job& job, const store::Placing& placing) {
    if (!is_this_file(placing.path, placing.bytes, placing.sha256)) return;
    std::error_code ignored;
    std::filesystem::remove(sidecar_of(settings_.config.output, job), ignored);
    std::filesystem::remove(placing.path, ignored);
    log::info("{}/{} was given up while its video was put in its place; {} is removed again", job.batch_name, job.name, placing.path);
}

bool Delivery::given_up(const store::Job& job, AttemptId attempt) {
    if (store_.jobs.get(job.id)->state == JobState::downloading) return false;
    std::error_code ignored;
    std::filesystem::remove(temporary_name(settings_.config.output, zone_, job, attempt), ignored);
    return true;
}

std::optional<store::Placing> Delivery::already_there(const store::Job& job) {
    auto placing = store_.deliveries.find(job.id, job.stage);
    if (!placing || !is_this_file(placing->path, placing->bytes, placing->sha256)) return std::nullopt;
    return placing;
}

void Delivery::fail(const store::Job& job, AttemptId attempt, const store::JobError& error, ResultFile& file) {
    if (store_.deliveries.failed(job.id, attempt, error, clock_.now())) log::error("{}/{} failed: {}", job.batch_name, job.name, error.message);
    std::error_code ignored;
    std::filesystem::remove(file.path(), ignored);
}

}  // namespace motionspool::app
