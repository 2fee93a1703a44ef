#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace motionspool::http {

struct Header {
    std::string name, value;
};
using Headers = std::vector<Header>;
/// The first header of that name, whatever its case.
[[nodiscard]] std::optional<std::string_view> find(const Headers&, std::string_view name);

/// Scheme, host and port. `host` is lower case, an IPv6 address without its brackets.
struct Origin {
    bool tls = true;
    std::string host;
    std::uint16_t port = 443;
    friend bool operator==(const Origin&, const Origin&) = default;
};
/// "https://api.kie.ai", the port only where it is not the scheme's own.
[[nodiscard]] std::string to_string(const Origin&);
/// "api.kie.ai", "127.0.0.1:8379", "[::1]": as in a URL and in the Host header.
[[nodiscard]] std::string authority(const Origin&);
/// Is the host itself a loopback address or "localhost"? No lookup is made.
[[nodiscard]] bool is_loopback(const Origin&);

struct Url {
    Origin origin;
    std::string target = "/";  ///< path and query, never empty, no fragment
    friend bool operator==(const Url&, const Url&) = default;
};
[[nodiscard]] std::string to_string(const Url&);
/// Reads an absolute http or https URL. User names, passwords and hosts that are empty are problems; so is whatever Boost.URL refuses.
[[nodiscard]] Result<Url> parse_url(std::string_view);

/// A body that is a file between two pieces of text (multipart). Exactly `size` bytes are read from offset 0 of `file`; a file that ends
/// sooner is a failure of the write.
struct FileBody {
    std::string before;
    std::shared_ptr<const UniqueFd> file;
    std::uint64_t size = 0;
    std::string after;
    std::function<void(std::span<const char>)> seen;  ///< is shown every piece of the file as it is sent; may be empty
};

struct Request {
    std::string method = "GET";
    std::string target = "/";
    Headers headers;  ///< Host, Content-Length, Connection and User-Agent are the client's business
    std::variant<std::string, FileBody> body;
};

struct Response {
    int status = 0;
    Headers headers;
    std::string body;       ///< empty if it went to a sink
    std::string surplus{};  ///< what had come besides: trailers, and bytes behind the end that its head tells
};

}  // namespace motionspool::http
