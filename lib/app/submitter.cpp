#include "app/submitter.hpp"
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include "app/key_watch.hpp"
#include "app/renders.hpp"
#include "base/seeded.hpp"
#include "domain/evidence.hpp"
#include "domain/retry.hpp"
#include "domain/waiting.hpp"
#include "kie/tasks.hpp"
#include "system/log.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using domain::AttemptState;
using domain::JobState;

namespace {

/// While a paid request is on its way nothing may cut it off: the answer is worth more than a quick exit.
struct Counted {
    std::size_t& count;
    explicit Counted(std::size_t& c) : count{c} { count++; }
    ~Counted() { count--; }
};

store::AttemptChange uncertain(const std::string& why, std::optional<BootTime> answered) {
    return {.from = AttemptState::armed,
            .to = AttemptState::uncertain,
            .event = "uncertain: " + why,
            .answered = answered,
            .job = store::JobStep{.from = JobState::submitting, .to = JobState::uncertain}};
}

}  // namespace

Submitter::Submitter(const Settings& settings, Clock& clock, store::Store& store, http::Client& http, Gate& gate, Places& places, Witness& witness,
                     std::mt19937_64& random, std::function<std::string()> secret)
    : settings_{settings},
      clock_{clock},
      store_{store},
      http_{http},
      gate_{gate},
      places_{places},
      witness_{witness},
      random_{random},
      secret_{std::move(secret)} {}

asio::awaitable<std::optional<AttemptId>> Submitter::submit(JobId id) {
    auto connecting = http_.connect(settings_.api, http::Reach::anywhere, 10s);
    http::Connected connected;
    try {
        connected = co_await std::move(connecting);
    } catch (...) {
        gate_.gave_up(id, {});
        throw;
    }
    if (const auto* failure = std::get_if<http::Failure>(&connected)) {
        gate_.gave_up(id, failure->text);
        co_return std::nullopt;
    }
    const auto job = store_.jobs.get(id);
    auto booking = job && job->state == JobState::queued ? gate_.still_open(id) : std::nullopt;
    if (!booking) {
        gate_.gave_up(id, {});
        co_return std::nullopt;
    }
    auto paying = pay(*job, std::move(*booking), *std::get<std::unique_ptr<http::Line>>(connected));
    co_return co_await std::move(paying);
}

asio::awaitable<std::optional<AttemptId>> Submitter::pay(const store::Job& job, Gate::Booking booking, http::Line& line) {
    const auto order = order_of(job);
    if (!order) {
        gate_.gave_up(job.id, {});
        co_return std::nullopt;
    }
    if (const auto witness = witness_.ready(); !witness) {
        gate_.gave_up(job.id, witness.problem().text + "; nothing is submitted without it", true);
        co_return std::nullopt;
    }
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    const Counted counted{unanswered_};
    const auto now = clock_.now();
    const auto armed_at = clock_.boot();
    store::NewAttempt risk{job.id, job.stage, order->remembered, booking.entered.price, now, clock_.boot_id(), armed_at, booking.day, order->callback};
    risk.accounts = std::move(booking.entered.accounts);
    risk.render = render_of(settings_.config.provider.model, booking.entered.image, booking.entered.motion, job);
    risk.image = std::move(booking.entered.image);
    risk.motion = std::move(booking.entered.motion);
    risk.key = fingerprint_of(settings_.key, store_);
    const auto attempt = store_.attempts.arm(risk);
    if (!attempt) {
        gate_.gave_up(job.id, {});
        co_return std::nullopt;
    }
    gate_.armed(job.id, *attempt, armed_at);
    if (!seeded("post-before-armed")) co_await store_.commits.durable();
    const auto witnessed = ready_to_send(*attempt);
    gate_.sent(*attempt, clock_.boot());
    domain::Submission outcome;
    if (witnessed) {
        auto asking = ask(order->body, line);
        outcome = co_await std::move(asking);
        outcome = weighed(*attempt, std::move(outcome));
        if (seeded("witness-after-send")) (void)witness_.armed(*attempt);
    } else
        outcome = domain::NotSent{witnessed.problem().text + "; nothing is submitted without it", true, places_.away().has_value()};
    const auto answered = clock_.boot();
    auto settling = settle(job, *attempt, outcome, answered);
    co_await std::move(settling);
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    if (!std::holds_alternative<domain::Accepted>(outcome)) co_return std::nullopt;
    co_return attempt;
}

Done Submitter::ready_to_send(AttemptId attempt) {
    if (const auto away = places_.away()) return Problem{domain::words_for(*away)};
    return seeded("witness-after-send") ? done() : witness_.armed(attempt);
}

asio::awaitable<domain::Submission> Submitter::ask(std::string body, http::Line& line) {
    const http::Limits limits{.total = 180s, .idle = 180s, .body = 1u << 20};
    const auto sent = body + '\n' + settings_.key.reveal();
    auto request = kie::create_task(settings_.key.reveal(), std::move(body));
    auto exchanging = line.exchange(std::move(request), limits, nullptr);
    const auto exchange = co_await std::move(exchanging);
    auto outcome = kie::read_submission(exchange, sent);
    if (seeded("resend-on-silence") && std::holds_alternative<domain::Uncertain>(outcome)) outcome = domain::NotSent{"no answer"};
    co_return outcome;
}

asio::awaitable<void> Submitter::settle(const store::Job& job, AttemptId attempt, const domain::Submission& outcome, BootTime answered) {
    try {
        record(job, attempt, outcome, answered);
        gate_.answered(attempt, outcome, answered);
        co_await store_.commits.durable();
    } catch (...) {
        if (const auto* accepted = std::get_if<domain::Accepted>(&outcome)) witness_.keep(attempt, accepted->task);
        throw;
    }
}

domain::Submission Submitter::weighed(AttemptId id, domain::Submission outcome) {
    if (const auto* accepted = std::get_if<domain::Accepted>(&outcome)) {
        if (!store_.attempts.with_task(accepted->task)) return outcome;
        return domain::Uncertain{"the provider names task " + accepted->task + ", which is another job's"};
    }
    const auto hints = store_.hints.of(id);
    if (hints.empty() || std::holds_alternative<domain::Uncertain>(outcome)) return outcome;
    return domain::Uncertain{"the answer was no success, and yet a callback had named task " + hints.front().task};
}

std::optional<Submitter::Order> Submitter::order_of(const store::Job& job) {
    const auto now = clock_.now();
    const auto image = store_.jobs.input(job.image, now), motion = store_.jobs.input(job.motion, now);
    if (!image || !motion || !image->url || !motion->url) return std::nullopt;
    kie::TaskOrder order{settings_.config.provider.model, job.prompt, *image->url, *motion->url, job.mode, job.orientation, {}};
    const auto& public_url = settings_.config.webhook.public_url;
    if (public_url.empty()) return Order{kie::task_body(order), kie::task_body(order), {}};
    const auto secret = secret_();
    order.callback = domain::callback_url(public_url, domain::secret_left_out);
    auto remembered = kie::task_body(order);
    order.callback = domain::callback_url(public_url, secret);
    return Order{kie::task_body(order), std::move(remembered), system::sha256_hex(secret)};
}

store::AttemptChange Submitter::change_for(const store::Job& job, const domain::Refused& refused) {
    store::JobStep step{.from = JobState::submitting, .to = JobState::queued};
    store::AttemptChange change{.from = AttemptState::armed, .to = AttemptState::refused, .event = "refused: " + refused.message, .job = step};
    if (refused.why == domain::Refusal::field_required) {
        const auto before = store_.attempts.oddities(job.id, job.stage, domain::Oddity::field_required);
        if (const auto wait = domain::wait_for_field(before)) {
            change.oddity = domain::Oddity::field_required;
            change.event += "; that has come and gone for one and the same order: it is sent again in " + to_words(*wait) + ", which uses up no try";
            change.job->not_before = clock_.now() + *wait;
            return change;
        }
    }
    const auto fault = domain::own_fault(refused.why);
    if (!fault) return change;
    change.cause = to_string(*fault);
    step.counts = true;
    if (*fault == domain::FailCause::image_fetch) store_.forget_uploads(job);
    if (domain::may_retry(*fault, Credits{}, job.tries + 1, settings_.config.limits.attempts)) {
        step.not_before = clock_.now() + domain::jittered(domain::retry_delay(job.tries + 1), random_());
    } else {
        step.to = JobState::failed;
        step.error = store::JobError{to_string(*fault), domain::failure_told(*fault, refused.message)};
    }
    change.job = step;
    return change;
}

void Submitter::record(const store::Job& job, AttemptId id, const domain::Submission& outcome, BootTime answered) {
    const auto name = job.batch_name + "/" + job.name;
    const auto change = std::visit(
        [&](const auto& what) -> store::AttemptChange {
            using What = std::decay_t<decltype(what)>;
            if constexpr (std::is_same_v<What, domain::Accepted>) {
                return {.from = AttemptState::armed,
                        .to = AttemptState::submitted,
                        .event = "submitted: task " + what.task,
                        .task = what.task,
                        .answered = answered,
                        .job = store::JobStep{.from = JobState::submitting, .to = JobState::running}};
            } else if constexpr (std::is_same_v<What, domain::Refused>) {
                auto refused = change_for(job, what);
                refused.answered = answered;
                return refused;
            } else if constexpr (std::is_same_v<What, domain::SlowDown>) {
                return {.from = AttemptState::armed,
                        .to = AttemptState::refused,
                        .event = "throttled: " + what.message,
                        .answered = answered,
                        .job = store::JobStep{.from = JobState::submitting, .to = JobState::queued}};
            } else if constexpr (std::is_same_v<What, domain::NotSent>) {
                return {.from = AttemptState::armed,
                        .to = AttemptState::not_sent,
                        .event = "not sent: " + what.why,
                        .job = store::JobStep{.from = JobState::submitting, .to = JobState::queued}};
            } else {
                return uncertain(what.why, std::nullopt);
            }
        },
        outcome);
    if (!store_.attempts.change(id, change, clock_.now()))
        throw std::logic_error("attempt " + std::to_string(id.value()) + " of " + name + " was not armed when its answer came");
    log::event(change.to == AttemptState::uncertain ? log::Weight::warn : log::Weight::info, "{} {}", fmt::make_format_args(name, change.event));
}

}  // namespace motionspool::app
