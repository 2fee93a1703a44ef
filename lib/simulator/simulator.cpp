#include "simulator/simulator.hpp"
#include "simulator/answers.hpp"
#include "simulator/builtin_clip.hpp"
#include "simulator/crypt.hpp"
#include "simulator/record.hpp"
#include "simulator/routes.hpp"

namespace motionspool::simulator {
namespace {

std::uint64_t seed_of(const Options& options) { return options.seed ? *options.seed : std::random_device{}() * 0x1'0000'0001ULL ^ std::random_device{}(); }

milliseconds latency_of(World& world) {
    const auto& span = world.options.latency;
    return span.least + milliseconds{static_cast<std::int64_t>(world.plan.dice(static_cast<std::uint64_t>((span.most - span.least).count()) + 1))};
}

Planned answer(World& world, Visit& visit, const Route* route) {
    if (route == nullptr) {
        visit.note.code = 404;
        return json_answer(404, envelope(world.options, 404, "Not Found", "null"));
    }
    if (auto away = turned_away(world, visit, route->door)) return std::move(*away);
    return route->handle(world, visit);
}

std::string_view kind_of(const Route* route) { return route != nullptr ? route->kind : "unknown"; }

}  // namespace

Simulator::Simulator(Options options, Journal journal) : world_{options, std::move(journal), seed_of(options)} {
    world_.clip = world_.contents.keep(builtin_clip());
}

void Simulator::write_line(const Visit& visit, std::string_view kind, const http::Reply& reply) {
    ObjectText line;
    line.text("method", visit.request.method).text("path", visit.request.target);
    line.flag("key", http::find(visit.request.headers, "Authorization").has_value()).number("status", reply.no_answer ? 0 : reply.status);
    if (visit.note.code) line.number("code", *visit.note.code);
    if (visit.note.fault) line.text("fault", row_of(*visit.note.fault).name);
    line.all_of(visit.note.more);
    world_.journal.append(visit.now, kind, line, visit.note.durable);
}

Planned Simulator::handle(const http::Request& request, Moment now) {
    settle(world_, now);
    ++world_.totals.requests;
    static const std::string no_body;
    const auto* body = std::get_if<std::string>(&request.body);
    Note note;
    Visit visit{request, body != nullptr ? *body : no_body, split_target(request.target), now, note};
    const auto* route = find_route(request.method, visit.target.path);
    auto planned = answer(world_, visit, route);
    planned.reply.headers.push_back({"Date", http_date(now.wall)});
    if (route == nullptr || route->door != Door::open) planned.delay += latency_of(world_);
    write_line(visit, kind_of(route), planned.reply);
    return planned;
}

std::optional<http::Reply> Simulator::admit(const http::Request& head, Moment now) {
    const auto target = split_target(head.target);
    const auto* route = find_route(head.method, target.path);
    if (kind_of(route) != "upload") return std::nullopt;
    const auto fault = first_of(world_.plan.draw(Stage::upload_head));
    if (!fault) return std::nullopt;
    Note note;
    note.fault = fault;
    const Visit visit{head, head.target, target, now, note};
    auto reply = no_answer().reply;
    ++world_.totals.requests;
    write_line(visit, kind_of(route), reply);
    return reply;
}

std::optional<CallbackPost> Simulator::callback(const std::string& id, Moment now) {
    settle(world_, now);
    const auto& task = world_.tasks.at(id);
    const auto url = http::parse_url(task.callback);
    if (!url || !http::is_loopback(url->origin)) return std::nullopt;
    const auto failure = failure_of(task.faults);
    const auto data = record_data(world_, task, now, {ConsumedAs::older, has(task.faults, Fault::odd_callback)});
    CallbackPost post;
    post.origin = url->origin;
    post.request.method = "POST";
    post.request.target = url->target;
    post.request.headers.push_back({"Content-Type", "application/json"});
    post.request.body = envelope(world_.options, failure ? 501 : 200, failure ? failure->text : "Playground task completed successfully.", data);
    if (!world_.options.webhook_key.empty()) {
        const auto seconds = std::chrono::floor<std::chrono::seconds>(now.wall).time_since_epoch().count();
        const auto key = world_.options.webhook_key + (has(task.faults, Fault::forged_callback) ? "-forged" : "");
        post.request.headers.push_back({"X-Webhook-Timestamp", std::to_string(seconds)});
        post.request.headers.push_back({"X-Webhook-Signature", signature(key, id, seconds)});
    }
    return post;
}

void Simulator::note_callback(const std::string& id, int attempt, std::string_view answer, Moment now) {
    settle(world_, now);
    ++world_.totals.callbacks;
    const auto& task = world_.tasks.at(id);
    ObjectText line;
    line.text("task", id).text("callback_token", task.callback.substr(task.callback.rfind('/') + 1)).text("url", task.callback);
    world_.journal.append(now, "callback", line.number("attempt", attempt).text("answer", answer), false);
}

}  // namespace motionspool::simulator
