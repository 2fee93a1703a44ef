#include <array>
#include "domain/task_traces.hpp"
#include "harness.hpp"
#include "http/answer_reader.hpp"
#include "http/head.hpp"
#include "kie/evidence.hpp"
#include "kie/files.hpp"
#include "kie/tasks.hpp"

// The provider's answers: an input that begins like HTTP goes through the reader of answers, any other is a status and a body.
namespace motionspool::fuzz {
namespace {

http::Exchange from_bytes(std::string_view input) {
    http::AnswerReader reader{false, 1u << 20, nullptr};
    const auto used = reader.feed(input);
    must(used <= input.size(), "no more bytes are used than there are");
    if (reader.done()) return reader.take();
    return http::Failure{.step = http::Failure::Step::read, .text = reader.problem().value_or("cut"), .bytes_written = 1, .status = reader.status()};
}

http::Exchange from_body(std::string_view input) {
    constexpr std::array statuses{200, 200, 200, 200, 400, 401, 402, 403, 404, 408, 422, 429, 500, 502, 503};
    const auto chosen = input.empty() ? 0U : static_cast<unsigned char>(input.front()) % statuses.size();
    input.remove_prefix(input.empty() ? 0 : 1);
    return http::Response{statuses.at(chosen), {{"Content-Type", "application/json"}}, std::string{input}};
}

void submission(const http::Exchange& exchange) {
    const auto outcome = kie::read_submission(exchange);
    const auto* accepted = std::get_if<domain::Accepted>(&outcome);
    const auto* response = std::get_if<http::Response>(&exchange);
    if (accepted != nullptr) {
        must(!accepted->task.empty(), "a task that is accepted has an id");
        must(!http::head_problem(kie::ask_task("key", accepted->task)), "and can be asked about, whatever its id");
        must(response != nullptr && response->status / 100 == 2, "accepted is only ever a whole answer of 2xx");
    }
    const bool refused = std::holds_alternative<domain::Refused>(outcome) || std::holds_alternative<domain::SlowDown>(outcome);
    must(!refused || response == nullptr || domain::task_id_in(response->body, {}).empty(), "what looks like a task's id is no refusal");
    must(!std::holds_alternative<domain::NotSent>(outcome), "what was answered, or written, was sent");
}

void record(const http::Exchange& exchange) {
    const auto read = kie::read_record(exchange, "task");
    const auto* done = std::get_if<domain::Succeeded>(&read.news);
    must(done == nullptr || !done->url.empty(), "a success has a link");
    (void)kie::read_news(exchange);
}

}  // namespace

void fuzz(std::string_view input) {
    const auto exchange = input.starts_with("HTTP/") ? from_bytes(input) : from_body(input);
    submission(exchange);
    record(exchange);
    (void)kie::read_balance(exchange);
    const auto uploaded = kie::read_upload(exchange);
    must(!uploaded.url.empty() || !uploaded.trouble.empty(), "an upload that failed says why");
    (void)kie::read_fresh_link(exchange);
    (void)kie::read_param(input);
}

}  // namespace motionspool::fuzz
