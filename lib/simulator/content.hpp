#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include "http/message.hpp"
#include "simulator/moment.hpp"

namespace motionspool::simulator {

/// Bytes that were uploaded here, and what is known about them. Large ones lie in a temporary file without a name, which is gone with the process.
class Content {
public:
    using Body = std::variant<std::string, http::FileBody>;
    using Bytes = std::variant<std::string, std::shared_ptr<const UniqueFd>>;
    Content(Bytes bytes, std::uint64_t size, std::string sha256, std::optional<milliseconds> length)
        : bytes_{std::move(bytes)}, size_{size}, sha256_{std::move(sha256)}, length_{length} {}

    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::string& sha256() const { return sha256_; }  ///< hexadecimal
    [[nodiscard]] std::string etag() const { return "\"" + sha256_.substr(0, 32) + "\""; }
    /// How long it plays, if it is an MP4 that says so.
    [[nodiscard]] std::optional<milliseconds> length() const { return length_; }
    /// All of it. @throws system_error if the file cannot be read
    [[nodiscard]] std::string text() const;
    /// @pre from + count <= size(). @throws system_error if the file cannot be read
    [[nodiscard]] Body body(std::uint64_t from, std::uint64_t count) const;

private:
    Bytes bytes_;
    std::uint64_t size_;
    std::string sha256_;
    std::optional<milliseconds> length_;
};
using ContentPtr = std::shared_ptr<const Content>;

/// Keeps equal bytes once.
class ContentPool {
public:
    /// @throws system_error if there is no room for them
    [[nodiscard]] ContentPtr keep(std::string_view bytes);

private:
    std::map<std::string, std::weak_ptr<const Content>, std::less<>> by_hash_;
    std::uint64_t in_memory_ = 0;
};

}  // namespace motionspool::simulator
