#include "http/request_reader.hpp"
#include <algorithm>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>
#include "base/text.hpp"

namespace motionspool::http {
namespace {
namespace beast = boost::beast;
using boost::system::error_code;

std::size_t count(const Headers& headers, std::string_view name) {
    return static_cast<std::size_t>(std::ranges::count_if(headers, [&](const Header& header) { return equal_ignoring_case(header.name, name); }));
}

/// Line breaks are CR LF, and there is no other control character but the tab. Found while the head still arrives, so that whoever
/// speaks another protocol is told at once.
bool is_clean(std::string_view head, std::size_t from) {
    for (std::size_t i = from; i < head.size(); i++) {
        const char c = head[i];
        if (c == '\n' && (i == 0 || head[i - 1] != '\r')) return false;
        if ((c >= 0 && c < ' ' && c != '\r' && c != '\n' && c != '\t') || c == 0x7f) return false;
    }
    return true;
}

bool is_folded(std::string_view head) { return head.find("\n ") != std::string_view::npos || head.find("\n\t") != std::string_view::npos; }

}  // namespace

class RequestReader::Parser final : public beast::http::basic_parser<true> {
public:
    explicit Parser(std::uint64_t limit) : limit_{limit} {
        header_limit(std::numeric_limits<std::uint32_t>::max());
        body_limit(boost::none);
    }
    Request request;
    std::string body;
    int version = 0;
    bool too_long = false;

    /// What Beast lets pass and the contract does not.
    std::optional<std::string> fault() const {
        const auto encodings = count(request.headers, "Transfer-Encoding");
        const auto lengths = count(request.headers, "Content-Length");
        if (count(request.headers, "Host") != 1) return "there must be exactly one Host header";
        if (lengths > 1) return "there is more than one Content-Length";
        if (encodings == 0) return std::nullopt;
        if (lengths > 0) return "there are both a Content-Length and a Transfer-Encoding";
        if (version < 11) return "HTTP/1.0 has no Transfer-Encoding";
        if (encodings > 1 || !equal_ignoring_case(*find(request.headers, "Transfer-Encoding"), "chunked"))
            return "the only Transfer-Encoding known here is chunked";
        return std::nullopt;
    }

private:
    void on_request_impl(beast::http::verb, beast::string_view method, beast::string_view target, int http_version, error_code&) override {
        request.method = std::string{method};
        request.target = std::string{target};
        version = http_version;
    }
    void on_response_impl(int, beast::string_view, int, error_code&) override {}
    void on_field_impl(beast::http::field, beast::string_view name, beast::string_view value, error_code&) override {
        const bool trailer = is_header_done();
        if (!trailer) request.headers.push_back({std::string{name}, std::string{value}});
    }
    void on_header_impl(error_code&) override {}
    void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) override {
        if (length) body.reserve(static_cast<std::size_t>(std::min(*length, limit_)));
    }
    std::size_t on_body_impl(beast::string_view piece, error_code& error) override { return take(piece, error); }
    void on_chunk_header_impl(std::uint64_t, beast::string_view, error_code&) override {}
    std::size_t on_chunk_body_impl(std::uint64_t, beast::string_view piece, error_code& error) override { return take(piece, error); }
    void on_finish_impl(error_code&) override {}

    std::size_t take(beast::string_view piece, error_code& error) {
        if (body.size() + piece.size() > limit_) {
            too_long = true;
            error = beast::http::error::body_limit;
        } else {
            body.append(piece.data(), piece.size());
        }
        return piece.size();
    }
    std::uint64_t limit_;
};

RequestReader::RequestReader(std::size_t head_limit, std::uint64_t body_limit)
    : parser_{std::make_unique<Parser>(body_limit)}, head_limit_{head_limit}, body_limit_{body_limit} {}

RequestReader::~RequestReader() = default;

std::size_t RequestReader::feed(std::span<const char> bytes) {
    if (stage_ == Stage::head) return feed_head(bytes);
    if (stage_ == Stage::body) return feed_body(bytes);
    return 0;
}

std::size_t RequestReader::feed_head(std::span<const char> bytes) {
    const std::string_view text{bytes.data(), bytes.size()};
    const auto from = looked_at_ - std::min<std::size_t>(looked_at_, 3);
    const auto found = text.find("\r\n\r\n", from);
    const auto head = text.substr(0, found == std::string_view::npos ? text.size() : found + 4);
    if (!is_clean(head, looked_at_)) return refuse(400, "the head holds a control character or a line break that is not CR LF"), 0;
    looked_at_ = head.size();
    if (head.size() > head_limit_) return refuse(431, "the head is longer than " + std::to_string(head_limit_) + " bytes"), 0;
    if (found == std::string_view::npos) return 0;
    if (is_folded(head)) return refuse(400, "a header is folded over several lines"), 0;
    error_code error;
    const auto used = parser_->put(boost::asio::const_buffer{head.data(), head.size()}, error);
    if (error == beast::http::error::bad_version) return refuse(505, "only HTTP/1.1 and HTTP/1.0 are spoken here"), used;
    if (error) return refuse(400, "the head is not proper HTTP: " + error.message()), used;
    if (!parser_->is_header_done()) return refuse(400, "the head is not proper HTTP"), used;
    const auto fault = parser_->fault();
    if (fault) return refuse(400, *fault), used;
    parser_->eager(true);
    stage_ = parser_->is_done() ? Stage::done : Stage::body;
    return used;
}

std::size_t RequestReader::feed_body(std::span<const char> bytes) {
    error_code error;
    const auto used = parser_->put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
    if (parser_->too_long) {
        refuse(413, "the body is longer than " + std::to_string(body_limit_) + " bytes");
    } else if (error && error != beast::http::error::need_more) {
        refuse(400, "the body is not proper HTTP: " + error.message());
    } else if (parser_->is_done()) {
        parser_->request.body = std::move(parser_->body);
        stage_ = Stage::done;
    }
    return used;
}

void RequestReader::refuse(int status, std::string text) {
    refusal_ = Refusal{.status = status, .text = std::move(text)};
    stage_ = Stage::refused;
}

Request& RequestReader::request() noexcept { return parser_->request; }

bool RequestReader::expects_continue() const {
    const auto expected = find(parser_->request.headers, "Expect");
    return parser_->version >= 11 && stage_ == Stage::body && expected && equal_ignoring_case(*expected, "100-continue");
}

bool RequestReader::keep_alive() const { return parser_->keep_alive(); }

bool RequestReader::body_too_long() const {
    const auto length = parser_->content_length();
    return length && *length > body_limit_;
}

}  // namespace motionspool::http
