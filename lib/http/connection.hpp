#pragma once
#include "http/inbox.hpp"
#include "http/reply_writer.hpp"
#include "http/request_reader.hpp"

namespace motionspool::http {

/// A server's side of one connection.
class Connection {
public:
    /// @pre `options` and `handler` outlive this
    Connection(Socket socket, Peer peer, const ServerOptions& options, const Handler& handler);
    /// Answers requests until the connection ends. @throws system_error{operation_aborted} if cancelled
    [[nodiscard]] asio::awaitable<void> serve();

private:
    enum class Next { another, close };
    [[nodiscard]] asio::awaitable<Next> serve_one();
    /// @return false if there is nobody to answer
    [[nodiscard]] asio::awaitable<bool> read_head(RequestReader& reader);
    [[nodiscard]] asio::awaitable<bool> read_body(RequestReader& reader);
    /// A Reply: the request is not worth its body.
    [[nodiscard]] std::optional<Reply> judge(RequestReader& reader) const;
    [[nodiscard]] asio::awaitable<Reply> ask_handler(Request request);
    [[nodiscard]] Reply sendable(Reply reply) const;
    [[nodiscard]] asio::awaitable<void> say_goodbye();
    void report(const std::string& text) const;

    Wire wire_;
    Inbox inbox_;
    Peer peer_;
    const ServerOptions& options_;
    const Handler& handler_;
};

}  // namespace motionspool::http
