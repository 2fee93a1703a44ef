#pragma once
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace motionspool::whole {

/// A port of 127.0.0.1 that is free, and that the kernel hands to nobody by itself.
[[nodiscard]] std::uint16_t free_port();

/// Sends bytes to a port of 127.0.0.1 and reads until the other side closes. @return what came back, whole; empty if nobody listens
[[nodiscard]] std::string say(std::uint16_t port, const std::string& bytes);

/// A POST as the provider's callbacks are.
struct Post {
    std::string target, body;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string method = "POST";
};
[[nodiscard]] std::string to_bytes(const Post&);

/// A callback for a task, signed with this key; without one, unsigned.
[[nodiscard]] Post callback(const std::string& path, const std::string& secret, const std::string& task, const std::string& key);

}  // namespace motionspool::whole
