#pragma once
#include <optional>
#include <variant>
#include "http/deadline.hpp"
#include "http/stream.hpp"

namespace motionspool::http {

/// What every TLS connection shares: TLS 1.2 or later, the peer's certificate verified, no early data.
class TlsContext;

/// @param ca_file PEM; empty: the system's certificates
/// @throws std::runtime_error naming the file if it cannot be read
[[nodiscard]] std::shared_ptr<TlsContext> make_tls_context(const std::string& ca_file);

struct TlsTrouble {
    std::string text;  ///< "the certificate is not valid: certificate has expired"
    bool timed_out = false;
};

/// Shakes hands as a client on a connected socket until `end`; the certificate must be for `host`.
/// @throws system_error{operation_aborted} if cancelled
[[nodiscard]] asio::awaitable<std::variant<std::unique_ptr<Stream>, TlsTrouble>> shake_hands(std::shared_ptr<TlsContext> context, Socket socket,
                                                                                             std::string host, SteadyTime end);

}  // namespace motionspool::http
