#pragma once
#include "http/address_book.hpp"
#include "http/client.hpp"
#include "http/tls.hpp"

namespace motionspool::http {

struct Dialed {
    std::unique_ptr<Stream> stream;
    asio::ip::address address;
};

/// Makes connections: lookup, TCP, TLS.
class Dialer {
public:
    /// @throws std::runtime_error if `ca_file` cannot be read
    Dialer(asio::any_io_executor executor, const std::string& ca_file, bool tls_now);
    /// Tries the host's addresses in turn until `limit` has passed. @throws system_error{operation_aborted} if cancelled
    [[nodiscard]] asio::awaitable<std::variant<Dialed, Failure>> dial(Origin origin, Reach reach, std::chrono::milliseconds limit);

private:
    [[nodiscard]] asio::awaitable<std::variant<Dialed, Failure>> reach_one_of(Origin origin, Addresses addresses, SteadyTime end);
    [[nodiscard]] asio::awaitable<std::variant<Dialed, Failure>> secure(Origin origin, Socket socket, asio::ip::address address, SteadyTime end);

    asio::any_io_executor executor_;
    AddressBook book_;
    /// The system's certificates take 25 ms to load: they are not until the first connection that needs them. Never null if there is a file of our own.
    std::shared_ptr<TlsContext> tls_;
};

/// Connects the socket until `end`; an error is a value, asio::error::timed_out for the limit. @throws system_error{operation_aborted} if cancelled
[[nodiscard]] asio::awaitable<boost::system::error_code> connect_socket(Socket& socket, asio::generic::stream_protocol::endpoint endpoint, SteadyTime end);

}  // namespace motionspool::http
