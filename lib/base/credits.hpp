#pragma once
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace motionspool {

/// An amount of API credits, in thousandths of a credit. Never a floating-point number.
class Credits {
public:
    constexpr Credits() noexcept = default;
    static constexpr Credits from_milli(std::int64_t milli) noexcept { return Credits{milli}; }
    static constexpr Credits whole(std::int64_t credits) noexcept { return Credits{credits * 1000}; }
    [[nodiscard]] constexpr std::int64_t milli() const noexcept { return milli_; }
    friend constexpr auto operator<=>(Credits, Credits) = default;
    friend constexpr Credits operator+(Credits a, Credits b) noexcept { return Credits{a.milli_ + b.milli_}; }
    friend constexpr Credits operator-(Credits a, Credits b) noexcept { return Credits{a.milli_ - b.milli_}; }
    friend constexpr Credits operator*(Credits a, std::int64_t n) noexcept { return Credits{a.milli_ * n}; }
    constexpr Credits& operator+=(Credits other) noexcept {
        milli_ += other.milli_;
        return *this;
    }

private:
    constexpr explicit Credits(std::int64_t milli) noexcept : milli_{milli} {}
    std::int64_t milli_ = 0;
};

/// Reads "110", "812.5", "1e2" or "-3.25"; more than three decimals round away from zero, so that a price is never read too low.
/// @return nothing if `text` is no number, or beyond ± 9e12 credits
[[nodiscard]] std::optional<Credits> parse_credits(std::string_view text);

/// "110", "812.5", "0.055": as many decimals as needed, at most three.
[[nodiscard]] std::string to_string(Credits);
/// "110 credits", "1 credit".
[[nodiscard]] std::string in_words(Credits);

namespace literals {
constexpr Credits operator""_credits(unsigned long long n) noexcept { return Credits::whole(static_cast<std::int64_t>(n)); }
}  // namespace literals

}  // namespace motionspool
