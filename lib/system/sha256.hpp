#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace motionspool::system {

using Sha256Digest = std::array<unsigned char, 32>;

/// SHA-256 of bytes that come piece by piece. Once finish() or hex() was called, the object has done its work.
class Sha256 {
public:
    /// @throws std::runtime_error here and below if OpenSSL refuses (no memory)
    Sha256();
    void update(std::span<const char> piece);
    /// A literal as a span would count its final NUL: name it as a std::string_view.
    template <std::size_t N>
    void update(const char (&literal)[N]) = delete;
    [[nodiscard]] Sha256Digest finish();
    /// finish(), as 64 lower-case hexadecimal digits.
    [[nodiscard]] std::string hex();

private:
    struct Free {
        void operator()(void* context) const noexcept;
    };
    std::unique_ptr<void, Free> context_;
};

/// SHA-256 of one text, as 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256_hex(std::string_view bytes);

}  // namespace motionspool::system
