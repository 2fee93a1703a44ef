#include "http/answer_reader.hpp"
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include "base/seeded.hpp"
#include "base/text.hpp"

namespace motionspool::http {
namespace {
namespace beast = boost::beast;
using boost::system::error_code;

/// Servers behind a content delivery network send long policies; the room it is read into sets the real limit.
constexpr std::uint32_t head_limit = 32u << 10;

/// Stops Beast's parser; the words are in AnswerReader::Parser::problem.
const error_code stopped = beast::http::make_error_code(beast::http::error::bad_value);

}  // namespace

class AnswerReader::Parser final : public beast::http::basic_parser<false> {
public:
    Parser(std::uint64_t body_limit, Sink* sink) : limit{body_limit}, sink_{sink} {
        eager(true);
        header_limit(head_limit);
        basic_parser::body_limit(boost::none);
    }
    Response answer;
    std::uint64_t limit;
    std::optional<std::string> problem;

private:
    void on_request_impl(beast::http::verb, beast::string_view, beast::string_view, int, error_code&) override {}
    void on_response_impl(int status, beast::string_view, int, error_code&) override { answer.status = status; }
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, error_code&) override {
        if (!is_header_done()) return answer.headers.push_back({std::string{name}, std::string{value}});
        answer.surplus.append(name.data(), name.size()).append(": ").append(value.data(), value.size()).append("\n");
    }
    void on_header_impl(error_code& error) override {
        if (answer.status < 200) return;
        if (need_eof() && !seeded("eof-is-complete"))
            return stop("the answer has neither a length nor chunks, so that its end cannot be told from a broken connection", error);
        const auto encoding = find(answer.headers, "Transfer-Encoding");
        if (encoding && !equal_ignoring_case(*encoding, "chunked")) return stop("the answer's Transfer-Encoding was not asked for", error);
        to_sink_ = sink_ != nullptr && sink_->begin(answer);
        const auto length = content_length();
        if (to_sink_ || is_done() || !length) return;
        if (*length > limit) return stop_at_limit(error);
        answer.body.reserve(static_cast<std::size_t>(*length));
    }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, error_code&) override {}
    std::size_t on_body_impl(beast::string_view piece, error_code& error) override {
        take(piece, error);
        return piece.size();
    }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, error_code& error) override {
        take(piece, error);
        return piece.size();
    }
    void on_finish_impl(error_code&) override {}

    void take(beast::string_view piece, error_code& error) {
        if (to_sink_) {
            if (!piece.empty() && !sink_->write(std::span<const char>{piece.data(), piece.size()})) stop(std::string{refused_by_receiver}, error);
            return;
        }
        if (answer.body.size() + piece.size() > limit) return stop_at_limit(error);
        answer.body.append(piece.data(), piece.size());
    }
    void stop_at_limit(error_code& error) { stop("the answer is longer than the " + std::to_string(limit) + " bytes it may have", error); }
    void stop(std::string text, error_code& error) {
        problem = std::move(text);
        error = stopped;
    }

    Sink* sink_;
    bool to_sink_ = false;
};

AnswerReader::AnswerReader(bool to_head, std::uint64_t body_limit, Sink* sink) : to_head_{to_head}, body_limit_{body_limit}, sink_{sink} { start(); }

AnswerReader::~AnswerReader() = default;

void AnswerReader::start() {
    parser_ = std::make_unique<Parser>(body_limit_, sink_);
    parser_->skip(to_head_);
}

std::size_t AnswerReader::feed(std::span<const char> bytes) {
    std::size_t used = 0;
    while (used < bytes.size() && !done() && !problem_) {
        error_code error;
        const auto rest = bytes.subspan(used);
        used += parser_->put(boost::asio::const_buffer{rest.data(), rest.size()}, error);
        if (error == beast::http::error::need_more) break;
        if (parser_->problem) {
            problem_ = parser_->problem;
        } else if (error) {
            problem_ = "this is no proper HTTP answer: " + error.message();
        } else if (parser_->is_done() && parser_->answer.status < 200) {
            start();
        }
    }
    return used;
}

bool AnswerReader::done() const noexcept { return !problem_ && parser_->is_done() && parser_->answer.status >= 200; }

const std::optional<std::string>& AnswerReader::problem() const noexcept { return problem_; }

std::optional<int> AnswerReader::status() const noexcept {
    if (parser_->answer.status < 200) return std::nullopt;
    return parser_->answer.status;
}

bool AnswerReader::keep_alive() const noexcept { return parser_->keep_alive(); }

Response AnswerReader::take() { return std::move(parser_->answer); }

}  // namespace motionspool::http
