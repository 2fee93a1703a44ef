#pragma once
#include <doctest/doctest.h>
#include <sys/mman.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include "async/task_group.hpp"
#include "http/client.hpp"
#include "support/run.hpp"

namespace motionspool::http {

using asio::ip::tcp;
using namespace std::chrono_literals;

inline asio::awaitable<void> pause(std::chrono::milliseconds duration) {
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer{executor, duration};
    co_await timer.async_wait(asio::use_awaitable);
}

/// Reads up to the end of a head. @return it, with whatever came behind it
template <typename Peer>
asio::awaitable<std::string> hear_head(Peer& peer) {
    std::string heard;
    co_await asio::async_read_until(peer, asio::dynamic_buffer(heard), "\r\n\r\n", asio::use_awaitable);
    co_return heard;
}
template <typename Peer>
asio::awaitable<void> say(Peer& peer, std::string text) {
    co_await asio::async_write(peer, asio::buffer(text), asio::use_awaitable);
}
/// Reads until the other side ends, or breaks.
template <typename Peer>
asio::awaitable<std::string> hear_all(Peer& peer) {
    std::string heard, piece(65'536, '\0');
    for (;;) {
        const auto [error, bytes] = co_await peer.async_read_some(asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
        heard.append(piece, 0, bytes);
        if (error) co_return heard;
    }
}
inline void reset(tcp::socket& peer) {
    peer.set_option(asio::socket_base::linger{true, 0});
    peer.close();
}

/// A server that does what a script says, connection by connection.
class ScriptedPeer {
public:
    /// Is given a connection and its number, from 1. It is closed when the script ends.
    using Script = std::function<asio::awaitable<void>(tcp::socket&, int number)>;
    ScriptedPeer(asio::io_context& io, Script script)
        : acceptor_{io, tcp::endpoint{asio::ip::address_v4::loopback(), 0}}, script_{std::move(script)}, group_{io.get_executor()} {
        group_.spawn(accept());
    }
    Origin origin() const { return Origin{.tls = false, .host = "127.0.0.1", .port = acceptor_.local_endpoint().port()}; }
    int connections() const { return connections_; }
    void stop() { group_.cancel(); }

private:
    asio::awaitable<void> accept() {
        for (;;) {
            auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
            group_.spawn(play(std::move(socket), ++connections_));
        }
    }
    asio::awaitable<void> play(tcp::socket socket, int number) {
        try {
            co_await script_(socket, number);
        } catch (const boost::system::system_error&) {
            // The client's side of the story is what a test looks at.
        }
    }

    tcp::acceptor acceptor_;
    Script script_;
    TaskGroup group_;
    int connections_ = 0;
};

/// Stops a peer when the coroutine that needs it ends, so that the loop runs empty.
template <typename Peer>
struct StopAtEnd {
    Peer& peer;
    ~StopAtEnd() { peer.stop(); }
};

inline ClientOptions test_client() { return ClientOptions{.user_agent = "test/1"}; }

/// One exchange on a fresh line, after a pause in which the peer may already act.
inline asio::awaitable<Exchange> exchange_once(ScriptedPeer& peer, Request request, Limits limits, Sink* sink, std::chrono::milliseconds before) {
    const StopAtEnd<ScriptedPeer> stop{peer};
    const auto executor = co_await asio::this_coro::executor;
    const auto client = make_client(executor, test_client());
    const auto origin = peer.origin();
    auto connected = co_await client->connect(origin, Reach::anywhere, 1000ms);
    REQUIRE(std::holds_alternative<std::unique_ptr<Line>>(connected));
    const auto line = std::move(std::get<std::unique_ptr<Line>>(connected));
    if (before > 0ms) co_await pause(before);
    co_return co_await line->exchange(std::move(request), limits, sink);
}

inline Exchange exchange_with(ScriptedPeer::Script script, Request request = {}, Limits limits = {}, Sink* sink = nullptr,
                              std::chrono::milliseconds before = 0ms) {
    asio::io_context io;
    ScriptedPeer peer{io, std::move(script)};
    return test::run(io, exchange_once(peer, std::move(request), limits, sink, before));
}

/// What a peer that hears a request's head and then says `text` is understood as.
inline Exchange exchange_hearing(std::string text, Limits limits = {}, Sink* sink = nullptr) {
    const auto script = [text](tcp::socket& socket, int) -> asio::awaitable<void> {
        co_await hear_head(socket);
        co_await say(socket, text);
    };
    return exchange_with(script, {}, limits, sink);
}

/// A file of that content that needs no name.
inline std::shared_ptr<const UniqueFd> file_with(std::string_view content) {
    auto file = std::make_shared<UniqueFd>(::memfd_create("test", MFD_CLOEXEC));
    REQUIRE(::pwrite(file->get(), content.data(), content.size(), 0) == static_cast<ssize_t>(content.size()));
    return file;
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

}  // namespace motionspool::http
