#include "http/stream.hpp"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace motionspool::http {
namespace {

class PlainStream final : public Stream {
public:
    explicit PlainStream(Socket socket) : socket_{std::move(socket)} {}
    asio::awaitable<Moved> read_some(asio::mutable_buffer into) override { return socket_.async_read_some(into, asio::as_tuple(asio::use_awaitable)); }
    asio::awaitable<Moved> write_some(asio::const_buffer from) override { return socket_.async_write_some(from, asio::as_tuple(asio::use_awaitable)); }
    Socket& socket() override { return socket_; }
    bool encrypted() const override { return false; }

private:
    Socket socket_;
};

}  // namespace

std::unique_ptr<Stream> make_plain_stream(Socket socket) { return std::make_unique<PlainStream>(std::move(socket)); }

}  // namespace motionspool::http
