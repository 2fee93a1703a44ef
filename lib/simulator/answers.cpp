#include "simulator/answers.hpp"

namespace motionspool::simulator {

Planned json_answer(int status, std::string body) {
    Planned planned;
    planned.reply.status = status;
    planned.reply.headers.push_back({"Content-Type", "application/json"});
    planned.reply.body = std::move(body);
    return planned;
}

Planned html_answer(int status, std::string_view title) {
    Planned planned;
    planned.reply.status = status;
    planned.reply.headers.push_back({"Content-Type", "text/html; charset=utf-8"});
    const std::string text{title};
    planned.reply.body = "<!DOCTYPE html>\n<html><head><title>" + text + "</title></head><body><h1>" + text + "</h1><hr>cloudflare</body></html>\n";
    return planned;
}

Planned no_answer() {
    Planned planned;
    planned.reply.no_answer = true;
    return planned;
}

Planned garbage_answer() { return json_answer(200, "upstream connect error or disconnect/reset before headers. \"}{"); }

Planned half_of(Planned whole) {
    auto& body = std::get<std::string>(whole.reply.body);
    body.resize(body.size() / 2);
    return whole;
}

std::string envelope(const Options& options, int code, std::string_view text, std::string_view data) {
    ObjectText object;
    const auto number = std::to_string(code);
    object.raw("code", options.code_as == CodeAs::string ? json_quoted(number) : number);
    object.text(options.text_key == TextKey::message ? "message" : "msg", text).raw("data", data);
    return object.str();
}

int status_of(const Options& options, int code) { return !options.real_http_codes || code < 400 || code > 599 ? 200 : code; }

Planned coded_answer(const World& world, Visit& visit, int code, std::string_view text, std::string_view data) {
    visit.note.code = code;
    return json_answer(status_of(world.options, code), envelope(world.options, code, text, data));
}

Planned success_answer(const World& world, Visit& visit, std::string_view data) { return coded_answer(world, visit, 200, "success", data); }

std::optional<Fault> note_fault(Note& note, const FaultSet& faults) {
    const auto first = first_of(faults);
    if (first) note.fault = first;
    return first;
}

}  // namespace motionspool::simulator
