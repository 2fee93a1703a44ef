#include "app/balance.hpp"
#include "async/wait.hpp"
#include "domain/balance.hpp"
#include "kie/tasks.hpp"
#include "system/log.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {
constexpr auto when_busy = 2min, when_idle = 8min, when_disputed = 1min;
}  // namespace

domain::Funds funds_of(store::Store& store, const config::Config& config, Instant now) {
    domain::Funds funds{std::nullopt, config.credits.keep_balance, {}};
    const auto note = store.funds.balance();
    if (note && domain::still_tells(note->at, now)) funds.available = note->credits - store.funds.at_stake(note->entry);
    return funds;
}

Balance::Balance(const Settings& settings, Clock& clock, AccountingClock& accounting, store::Store& store, http::Client& http)
    : settings_{settings}, clock_{clock}, accounting_{accounting}, store_{store}, http_{http}, wakeup_{store.executor} {}

asio::awaitable<void> Balance::run() {
    for (;;) {
        auto reading = read();
        const auto seen = co_await std::move(reading);
        if (!seen.answered) log::debug("the balance cannot be read: {}", seen.trouble);
        looked_ = true;
        changed();
        was_quiet_ = store_.funds.quiet();
        for (;;) {
            const auto next = next_time();
            if (next <= clock_.boot() || (wanted_ && last_one_closed())) break;
            co_await wait(wakeup_, clock_, next);
        }
    }
}

void Balance::wanted(bool wanted) {
    if (wanted == wanted_) return;
    wanted_ = wanted;
    reads_ = 0;
    wakeup_.ring();
}

bool Balance::last_one_closed() const { return !was_quiet_ && store_.funds.quiet(); }

BootTime Balance::next_time() const {
    if (wanted_ || failed_) return read_at_ + domain::next_reading(reads_);
    const auto note = store_.funds.balance();
    const bool spent = note && store_.funds.last_entry() > note->entry;
    if (accounting_.moment().dispute) return read_at_ + when_disputed;
    return read_at_ + (spent ? std::chrono::milliseconds{when_busy} : std::chrono::milliseconds{when_idle});
}

asio::awaitable<domain::Probe> Balance::read() {
    const auto entry = store_.funds.last_entry();
    const http::Limits limits{.total = 30s, .idle = 30s, .body = 1u << 20};
    auto request = kie::ask_balance(settings_.key.reveal());
    auto asking = http_.send(settings_.api, std::move(request), limits, nullptr, http::Reach::anywhere);
    const auto exchange = co_await std::move(asking);
    if (const auto* response = std::get_if<http::Response>(&exchange)) {
        accounting_.heard(response->headers, &store_);
        reached_ = true;
    }
    const auto balance = kie::read_balance(exchange);
    trouble_ = balance.trouble;
    heard();
    read_at_ = clock_.boot();
    reads_++;
    failed_ = !balance.credits;
    if (balance.credits) take(*balance.credits, entry);
    co_return domain::Probe{balance.credits.has_value(), balance.credits, balance.trouble};
}

void Balance::take(Credits credits, std::int64_t entry) {
    store_.funds.balance({credits, clock_.now(), entry});
    if (!wanted_) reads_ = 0;
    warn_if_low(credits);
    look_for_others(credits, entry);
}

void Balance::warn_if_low(Credits credits) {
    const auto& limit = settings_.config.credits.warn_below;
    const bool low = limit && credits < *limit;
    if (low && !low_) log::warn("the account holds {} credits, less than credits.warn_below ({}); top it up", to_string(credits), to_string(*limit));
    if (!low && low_) log::info("the account holds {} credits again", to_string(credits));
    low_ = low;
}

void Balance::look_for_others(Credits credits, std::int64_t entry) {
    if (entry != store_.funds.last_entry() || !store_.funds.quiet()) return;
    const auto before = store_.notes.fact("balance.quiet");
    const auto space = before ? before->find(' ') : std::string::npos;
    if (space != std::string::npos) {
        const auto then = parse_credits(before->substr(0, space));
        const auto missing = then ? domain::drift(*then, credits, store_.funds.spent_since(std::stoll(before->substr(space + 1)))) : std::nullopt;
        const auto today = to_rfc3339(accounting_.moment().at).substr(0, 10);
        if (missing && store_.notes.fact("balance.drift_said") != today) {
            log::warn("{} credits have left the account that no job here has spent; does somebody else use it?", to_string(*missing));
            store_.notes.set_fact("balance.drift_said", today);
        }
    }
    store_.notes.set_fact("balance.quiet", to_string(credits) + " " + std::to_string(entry));
}

}  // namespace motionspool::app
