#include "http/wire.hpp"
#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <cctype>

namespace motionspool::http {
using boost::system::error_code;

Wire::Wire(std::unique_ptr<Stream> stream) : stream_{std::move(stream)}, deadline_{stream_->socket()} {}

void Wire::limit(SteadyTime end, std::chrono::milliseconds idle) noexcept {
    end_ = end;
    idle_ = idle;
}

bool Wire::arm() {
    if (std::chrono::steady_clock::now() >= end_) return false;
    deadline_.set(std::min(end_, from_now(idle_)));
    return true;
}

error_code Wire::judge(error_code error) const {
    if (error != asio::error::operation_aborted) return error;
    if (!deadline_.passed()) throw boost::system::system_error(error);
    return asio::error::timed_out;
}

asio::awaitable<Moved> Wire::read(asio::mutable_buffer into) {
    if (!arm()) co_return Moved{asio::error::timed_out, 0};
    const auto [error, bytes] = co_await stream_->read_some(into);
    co_return Moved{judge(error), bytes};
}

asio::awaitable<Moved> Wire::write(asio::const_buffer from) {
    std::size_t written = 0;
    while (from.size() > 0) {
        if (!arm()) co_return Moved{asio::error::timed_out, written};
        const auto [error, bytes] = co_await stream_->write_some(from);
        written += bytes;
        from += bytes;
        const error_code verdict = judge(error);
        if (verdict) co_return Moved{verdict, written};
    }
    co_return Moved{error_code{}, written};
}

bool is_end(error_code error) { return error == asio::error::eof || error == asio::ssl::error::stream_truncated; }

std::string in_words(error_code error) {
    if (is_end(error)) return "the connection was closed";
    if (error == asio::error::connection_reset || error == asio::error::broken_pipe) return "the connection was reset";
    std::string text = error.message();
    if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])) != 0)
        text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return text;
}

}  // namespace motionspool::http
