#pragma once
#include "http/server.hpp"
#include "http/wire.hpp"

namespace motionspool::http {

/// Puts a server's replies on the wire, the ones that misbehave on purpose included.
class ReplyWriter {
public:
    explicit ReplyWriter(Wire& wire) : wire_{wire} {}
    /// @pre !head_problem(reply.status, reply.headers)
    /// @return false if nothing more can be sent on the connection: it broke, or the reply asked for that
    [[nodiscard]] asio::awaitable<bool> write(const Reply& reply, bool with_body, bool keep_alive);
    [[nodiscard]] asio::awaitable<bool> write_continue();

private:
    [[nodiscard]] asio::awaitable<bool> write_file(const FileBody& body, std::uint64_t most);
    /// At most `most` of the bytes, which is lowered by their number.
    [[nodiscard]] asio::awaitable<bool> write_some(std::string_view bytes, std::uint64_t& most);
    [[nodiscard]] asio::awaitable<void> reset_once_delivered();

    Wire& wire_;
};

}  // namespace motionspool::http
