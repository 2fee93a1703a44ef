#pragma once
#include <map>
#include "http/conversation.hpp"

namespace motionspool::http {

/// A kept-alive connection.
struct PooledLine {
    std::unique_ptr<Conversation> conversation;
    bool global = false;  ///< its peer's address is globally routable
};

/// Connections waiting for the next request to the same origin. Old ones are closed when the pool is next used: no timer keeps the loop from ending.
class Pool {
public:
    Pool(std::size_t most_per_origin, std::chrono::milliseconds keep_alive) : most_{most_per_origin}, keep_alive_{keep_alive} {}
    /// The one used last, if its peer is still there.
    [[nodiscard]] std::optional<PooledLine> take(const Origin& origin, Reach reach);
    /// Closes it instead if it cannot be used again, or if there are enough.
    void give_back(const Origin& origin, PooledLine line);

private:
    struct Waiting {
        PooledLine line;
        SteadyTime since;
    };
    void close_old();

    std::size_t most_;
    std::chrono::milliseconds keep_alive_;
    std::map<std::string, std::vector<Waiting>> waiting_;
};

}  // namespace motionspool::http
