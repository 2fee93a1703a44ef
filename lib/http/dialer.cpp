#include "http/dialer.hpp"
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "http/address.hpp"
#include "http/wire.hpp"

namespace motionspool::http {
namespace {
using boost::system::error_code;

/// While another address is left to try: a lost first packet and its repetition fit in.
constexpr std::chrono::milliseconds one_of_many{2'500};

Failure failure(Failure::Step step, const Origin& origin, const std::string& what, bool timed_out = false) {
    return Failure{.step = step, .text = authority(origin) + ": " + what, .timed_out = timed_out, .status = {}};
}

SteadyTime turn_ends(SteadyTime end, std::size_t left) {
    const auto now = std::chrono::steady_clock::now();
    if (left <= 1) return end;
    return std::min(end, now + std::min<SteadyTime::duration>(one_of_many, (end - now) / static_cast<int>(left)));
}

}  // namespace

asio::awaitable<error_code> connect_socket(Socket& socket, asio::generic::stream_protocol::endpoint endpoint, SteadyTime end) {
    error_code error;
    socket.open(endpoint.protocol(), error);
    if (error) co_return error;
    prepare(socket);
    Deadline deadline{socket};
    deadline.set(end);
    const auto [failed] = co_await socket.async_connect(endpoint, asio::as_tuple(asio::use_awaitable));
    if (failed != asio::error::operation_aborted) co_return failed;
    if (!deadline.passed()) throw boost::system::system_error(failed);
    co_return asio::error::timed_out;
}

Dialer::Dialer(asio::any_io_executor executor, const std::string& ca_file, bool tls_now) : executor_{executor}, book_{std::move(executor)} {
    if (tls_now || !ca_file.empty()) tls_ = make_tls_context(ca_file);
}

asio::awaitable<std::variant<Dialed, Failure>> Dialer::dial(Origin origin, Reach reach, std::chrono::milliseconds limit) {
    const auto end = from_now(limit);
    auto found = co_await book_.look_up(origin.host, end);
    if (const auto* none = std::get_if<NoAddress>(&found)) co_return failure(Failure::Step::resolve, origin, none->text, none->timed_out);
    auto& addresses = std::get<Addresses>(found);
    if (reach == Reach::global_only) {
        const auto refused = addresses.front();
        std::erase_if(addresses, [](const auto& address) { return !is_globally_routable(address); });
        if (addresses.empty()) {
            auto barred = failure(Failure::Step::connect, origin, "refused, because its address " + refused.to_string() + " is not one of the public Internet");
            barred.not_public = true;
            co_return barred;
        }
    }
    co_return co_await reach_one_of(std::move(origin), std::move(addresses), end);
}

asio::awaitable<std::variant<Dialed, Failure>> Dialer::reach_one_of(Origin origin, Addresses addresses, SteadyTime end) {
    error_code last;
    for (std::size_t i = 0; i < addresses.size() && std::chrono::steady_clock::now() < end; i++) {
        Socket socket{executor_};
        const asio::ip::tcp::endpoint endpoint{addresses[i], origin.port};
        last = co_await connect_socket(socket, endpoint, turn_ends(end, addresses.size() - i));
        if (last) continue;
        book_.prefer(origin.host, addresses[i]);
        co_return co_await secure(std::move(origin), std::move(socket), addresses[i], end);
    }
    book_.forget(origin.host);
    const bool timed_out = !last || last == asio::error::timed_out;
    const std::string tried = addresses.size() == 1 ? "" : " (tried " + std::to_string(addresses.size()) + " addresses)";
    co_return failure(Failure::Step::connect, origin, (timed_out ? "no connection within the time allowed" : in_words(last)) + tried, timed_out);
}

asio::awaitable<std::variant<Dialed, Failure>> Dialer::secure(Origin origin, Socket socket, asio::ip::address address, SteadyTime end) {
    if (!origin.tls) co_return Dialed{.stream = make_plain_stream(std::move(socket)), .address = address};
    if (!tls_) tls_ = make_tls_context("");
    auto shaken = co_await shake_hands(tls_, std::move(socket), origin.host, end);
    if (const auto* trouble = std::get_if<TlsTrouble>(&shaken)) co_return failure(Failure::Step::tls, origin, trouble->text, trouble->timed_out);
    co_return Dialed{.stream = std::move(std::get<std::unique_ptr<Stream>>(shaken)), .address = address};
}

}  // namespace motionspool::http
