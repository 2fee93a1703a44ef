#include "web/control.hpp"
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include "app/json_text.hpp"
#include "domain/names.hpp"
#include "system/log.hpp"
#include "web/body.hpp"

namespace motionspool::web {
namespace json = boost::json;
using app::Answered;

namespace {

http::Reply reply(int status, const json::object& object) {
    http::Reply reply;
    reply.status = status;
    reply.headers.push_back({"Content-Type", "application/json"});
    reply.body = json::serialize(object) + "\n";
    return reply;
}

http::Reply error(int status, const char* code, const std::string& message) {
    return reply(status, json::object{{"error", json::object{{"code", code}, {"message", message}}}});
}

http::Reply to_reply(const Answered& answered) {
    if (const auto* refusal = std::get_if<app::Refusal>(&answered)) {
        switch (refusal->kind) {
            case app::Refusal::Kind::usage: return error(400, "usage", refusal->text);
            case app::Refusal::Kind::not_found: return error(404, "not-found", refusal->text);
            case app::Refusal::Kind::refused: return error(409, "refused", refusal->text);
        }
    }
    const auto& answer = std::get<app::Answer>(answered);
    json::array left_alone, notes;
    for (const auto& [why, jobs] : answer.left_alone) left_alone.push_back(json::object{{"why", why}, {"jobs", jobs}});
    for (const auto& note : answer.notes) notes.emplace_back(note);
    json::object object{{"text", answer.text}, {"jobs", answer.jobs}};
    object["credits"] = app::as_json(answer.credits);
    object["left_alone"] = std::move(left_alone);
    object["notes"] = std::move(notes);
    return reply(200, object);
}

using Answering = asio::awaitable<Answered>;

Answering usage(std::string problem) { co_return app::Refusal{app::Refusal::Kind::usage, std::move(problem)}; }
Answering at_once(Answered answered) { co_return answered; }

Answering act(Controls& controls, Body& body, domain::Act act) {
    app::Order order{act, body.text("target"), std::nullopt, body.flag("dry_run")};
    if (act == domain::Act::retry) order.cause = body.maybe_text("cause");
    if (act == domain::Act::cancel && body.flag("discard")) order.act = domain::Act::discard;
    if (const auto problem = body.problem()) return usage(*problem);
    return controls.actions.act(std::move(order));
}

Answering hold(Controls& controls, Body& body) { return act(controls, body, domain::Act::hold); }
Answering release(Controls& controls, Body& body) { return act(controls, body, domain::Act::release); }
Answering cancel(Controls& controls, Body& body) { return act(controls, body, domain::Act::cancel); }
Answering retry(Controls& controls, Body& body) { return act(controls, body, domain::Act::retry); }

Answering set(Controls& controls, Body& body) {
    const auto batch = body.text("batch");
    const auto settings = body.texts("settings");
    const bool dry_run = body.flag("dry_run");
    if (const auto problem = body.problem()) return usage(*problem);
    return at_once(controls.actions.set(batch, settings, dry_run));
}

Answering pause(Controls& controls, Body& body) {
    const auto until = body.maybe_text("until");
    const auto reason = body.text("reason");
    if (const auto problem = body.problem()) return usage(*problem);
    const auto end = until ? parse_rfc3339(*until) : std::nullopt;
    if (until && !end) return usage("\"until\" is \"" + *until + "\"; expected a time such as 2026-11-24T22:00:00Z");
    return at_once(controls.actions.pause(end, reason));
}

Answering resume(Controls& controls, Body& body) {
    if (const auto problem = body.problem()) return usage(*problem);
    return at_once(controls.actions.resume());
}

/// A sentence, or why not.
Answered answer_of(Result<std::string> result) {
    if (!result) return app::Refusal{app::Refusal::Kind::refused, result.problem().text};
    return app::Answer{*std::move(result), 0, {}, {}, {}};
}

Answering end_quarantine(Controls& controls, Body& body) {
    if (const auto problem = body.problem()) return usage(*problem);
    return at_once(answer_of(controls.quarantine.end()));
}

/// The job that "BATCH/JOB" names.
std::optional<JobId> find_job(Controls& controls, const std::string& target) {
    const auto slash = target.find('/');
    if (slash == std::string::npos) return std::nullopt;
    store::JobFilter filter;
    filter.batch_key = domain::name_key(target.substr(0, slash));
    filter.job_key = domain::name_key(target.substr(slash + 1));
    const auto jobs = controls.store.views.jobs(filter);
    if (jobs.empty()) return std::nullopt;
    return jobs.front().id;
}

Answering no_job(std::string target) {
    co_return app::Refusal{app::Refusal::Kind::not_found, "there is no job \"" + target + "\"; `motionspool uncertain list` names those it is about"};
}

Answering resolve(asio::awaitable<Result<std::string>> resolving) {
    auto result = co_await std::move(resolving);
    co_return answer_of(std::move(result));
}

Answering adopt(Controls& controls, Body& body) {
    const auto target = body.text("target");
    auto task = body.text("task");
    if (const auto problem = body.problem()) return usage(*problem);
    const auto job = find_job(controls, target);
    return job ? resolve(controls.reconciler.adopt(*job, std::move(task))) : no_job(target);
}

Answering write_off(Controls& controls, Body& body) {
    const auto target = body.text("target");
    if (const auto problem = body.problem()) return usage(*problem);
    const auto job = find_job(controls, target);
    return job ? resolve(controls.reconciler.write_off(*job)) : no_job(target);
}

Answering resubmit(Controls& controls, Body& body) {
    const auto target = body.text("target");
    if (const auto problem = body.problem()) return usage(*problem);
    const auto job = find_job(controls, target);
    return job ? resolve(controls.reconciler.resubmit(*job)) : no_job(target);
}

/// What only the daemon knows for sure: it reads the balance, and goes by the provider's clock.
http::Reply money(Controls& controls) { return reply(200, app::as_json(controls.money())); }

struct Route {
    std::string_view method, path;
    Answering (*function)(Controls&, Body&);
};
constexpr Route routes[] = {
    {"POST", "/api/v1/hold", hold},
    {"POST", "/api/v1/release", release},
    {"POST", "/api/v1/cancel", cancel},
    {"POST", "/api/v1/retry", retry},
    {"POST", "/api/v1/set", set},
    {"POST", "/api/v1/pause", pause},
    {"POST", "/api/v1/resume", resume},
    {"POST", "/api/v1/quarantine/end", end_quarantine},
    {"POST", "/api/v1/uncertain/adopt", adopt},
    {"POST", "/api/v1/uncertain/write-off", write_off},
    {"POST", "/api/v1/uncertain/resubmit", resubmit},
};

/// The command was meant for a daemon of another state directory, whose socket has the same path.
std::optional<http::Reply> misdirected(const Controls& controls, const http::Request& request) {
    const auto meant = http::find(request.headers, state_header);
    if (!meant || controls.state_directory.empty() || *meant == controls.state_directory) return std::nullopt;
    return error(421, "another-daemon",
                 "the daemon at this control socket works with the state directory " + controls.state_directory + ", and the command is about " +
                     std::string{*meant} + "; nothing was done: give each configuration a control.socket of its own");
}

asio::awaitable<http::Reply> answer(Controls& controls, http::Request request) {
    if (auto wrong = misdirected(controls, request)) co_return std::move(*wrong);
    if (request.method == "POST" && request.target == "/api/v1/money") co_return money(controls);
    for (const auto& route : routes) {
        if (request.target != route.path) continue;
        if (request.method != route.method) {
            auto wrong = error(405, "method", request.method + " is no way to call " + request.target + "; expected " + std::string{route.method});
            wrong.headers.push_back({"Allow", std::string{route.method}});
            co_return wrong;
        }
        Body body{std::get<std::string>(request.body)};
        auto answering = route.function(controls, body);
        const auto answered = co_await std::move(answering);
        co_await controls.store.commits.durable();
        co_return to_reply(answered);
    }
    co_return error(404, "no-command", "there is no command " + request.target);
}

}  // namespace

Result<std::unique_ptr<http::Server>> listen_for_control(asio::any_io_executor executor, const std::string& socket, Controls& controls) {
    http::ServerOptions options;
    options.connections = 32;
    options.on_error = [](const std::string& why) { log::warn("control socket: {}", why); };
    auto handler = [&controls](http::Request request, http::Peer) { return answer(controls, std::move(request)); };
    return http::listen(std::move(executor), "unix:" + socket, std::move(options), std::move(handler));
}

}  // namespace motionspool::web
