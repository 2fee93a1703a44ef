#include "simulator/refusals.hpp"

namespace motionspool::simulator {
namespace {

Planned redirect_to(std::string where) {
    auto planned = html_answer(307, "Temporary Redirect");
    planned.reply.headers.push_back({"Location", std::move(where)});
    return planned;
}

Planned with_retry_after(Planned planned, std::string seconds) {
    planned.reply.headers.push_back({"Retry-After", std::move(seconds)});
    return planned;
}

Planned real_http(const World& world, Visit& visit, int code, std::string_view text) {
    visit.note.code = code;
    return json_answer(code, envelope(world.options, code, text, "null"));
}

}  // namespace

Planned refused_by(Fault fault, const World& world, Visit& visit) {
    if (fault == Fault::lost_request) return no_answer();
    if (fault == Fault::before_500) return html_answer(500, "500 Internal Server Error");
    if (fault == Fault::http_401) return real_http(world, visit, 401, no_permission);
    if (fault == Fault::http_403_html) return html_answer(403, "Attention Required! | Cloudflare");
    if (fault == Fault::http_429) return with_retry_after(real_http(world, visit, 429, too_frequent), "2");
    if (fault == Fault::http_503) return html_answer(503, "503 Service Temporarily Unavailable");
    if (fault == Fault::create_redirect) return redirect_to(world.base + "/elsewhere");
    if (fault == Fault::code_401) return coded_answer(world, visit, 401, no_permission);
    if (fault == Fault::code_402) return coded_answer(world, visit, 402, insufficient);
    if (fault == Fault::code_429) return coded_answer(world, visit, 429, too_frequent);
    if (fault == Fault::code_433) return coded_answer(world, visit, 433, "Sub-key usage exceeded its limit.");
    if (fault == Fault::maintenance) return coded_answer(world, visit, 455, "Service unavailable: the system is under maintenance.");
    if (fault == Fault::disabled) return coded_answer(world, visit, 505, "Feature disabled.");
    return coded_answer(world, visit, 500, "Something went wrong (E-7731).");
}

Planned spoiled_by(Fault fault, Planned good, const World& world, Visit& visit) {
    const bool late_only = fault == Fault::slow_answer || fault == Fault::held_answer || fault == Fault::hang;
    if (!late_only) visit.note.code.reset();
    const auto in_place_of_good = [&](Planned planned) {
        planned.callbacks = std::move(good.callbacks);
        return planned;
    };
    if (fault == Fault::lost_answer) return in_place_of_good(no_answer());
    if (fault == Fault::after_500) return in_place_of_good(html_answer(502, "502 Bad Gateway"));
    if (fault == Fault::gateway_504) return in_place_of_good(html_answer(504, "504 Gateway Time-out"));
    if (fault == Fault::code_500_after) return in_place_of_good(coded_answer(world, visit, 500, "Something went wrong (E-7731)."));
    if (fault == Fault::garbage_json) return in_place_of_good(garbage_answer());
    if (fault == Fault::truncated_json) return half_of(std::move(good));
    if (fault == Fault::empty_taskid) return in_place_of_good(success_answer(world, visit, R"({"taskId":""})"));
    if (fault == Fault::no_data) return in_place_of_good(success_answer(world, visit, "null"));
    if (fault == Fault::held_answer) {
        good.held = true;
        return good;
    }
    good.delay += fault == Fault::hang ? milliseconds{std::chrono::minutes{10}} : world.options.slow_answer;
    return good;
}

}  // namespace motionspool::simulator
