#pragma once
#include <compare>
#include <cstdint>

namespace motionspool {

/// An integer that refuses to mix with integers of another meaning.
template <typename Tag>
class Id {
public:
    constexpr Id() noexcept = default;
    constexpr explicit Id(std::int64_t value) noexcept : value_{value} {}
    [[nodiscard]] constexpr std::int64_t value() const noexcept { return value_; }
    friend constexpr auto operator<=>(Id, Id) = default;

private:
    std::int64_t value_ = 0;
};
using BatchId = Id<struct BatchTag>;
using JobId = Id<struct JobTag>;
using AttemptId = Id<struct AttemptTag>;
/// One input of a batch: a file of its drop, or a URL.
using InputId = Id<struct InputTag>;

}  // namespace motionspool
