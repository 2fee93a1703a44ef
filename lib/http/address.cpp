#include "http/address.hpp"
#include <algorithm>
#include <array>
#include <string>

namespace motionspool::http {
namespace {
using asio::ip::address_v4;
using asio::ip::address_v6;

struct BlockV4 {
    std::uint32_t base;
    int bits;
};

constexpr std::uint32_t v4(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) { return a << 24 | b << 16 | c << 8 | d; }

constexpr std::array not_global_v4{
    BlockV4{v4(0, 0, 0, 0), 8},        // this network
    BlockV4{v4(10, 0, 0, 0), 8},       // private
    BlockV4{v4(100, 64, 0, 0), 10},    // shared by carriers
    BlockV4{v4(127, 0, 0, 0), 8},      // loopback
    BlockV4{v4(169, 254, 0, 0), 16},   // link-local, cloud metadata
    BlockV4{v4(172, 16, 0, 0), 12},    // private
    BlockV4{v4(192, 0, 0, 0), 24},     // protocol assignments
    BlockV4{v4(192, 0, 2, 0), 24},     // documentation
    BlockV4{v4(192, 88, 99, 0), 24},   // 6to4 relays, deprecated
    BlockV4{v4(192, 168, 0, 0), 16},   // private
    BlockV4{v4(198, 18, 0, 0), 15},    // benchmarking
    BlockV4{v4(198, 51, 100, 0), 24},  // documentation
    BlockV4{v4(203, 0, 113, 0), 24},   // documentation
    BlockV4{v4(224, 0, 0, 0), 4},      // multicast
    BlockV4{v4(240, 0, 0, 0), 4},      // reserved, broadcast
};

bool is_global(const address_v4& address) {
    const std::uint32_t value = address.to_uint();
    return std::ranges::none_of(not_global_v4, [&](BlockV4 block) { return (value ^ block.base) >> (32 - block.bits) == 0; });
}

/// The first eight bytes of an IPv6 block.
struct BlockV6 {
    std::uint64_t base;
    int bits;
};

constexpr BlockV6 global_unicast{0x2000'0000'0000'0000, 3};
constexpr std::array not_global_v6{
    BlockV6{0x2001'0000'0000'0000, 23},  // protocol assignments: Teredo, benchmarking, ORCHID
    BlockV6{0x2001'0db8'0000'0000, 32},  // documentation
    BlockV6{0x3fff'0000'0000'0000, 20},  // documentation
};

std::uint64_t upper_half(const address_v6::bytes_type& bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; i++) value = value << 8 | bytes[i];
    return value;
}

bool lies_in(std::uint64_t upper, BlockV6 block) { return (upper ^ block.base) >> (64 - block.bits) == 0; }

address_v4 embedded(const address_v6::bytes_type& bytes, std::size_t at) {
    return address_v4{address_v4::bytes_type{bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]}};
}

/// 64:ff9b::/96 (RFC 6052)
bool is_nat64(const address_v6::bytes_type& bytes) {
    constexpr std::array<unsigned char, 12> prefix{0x00, 0x64, 0xff, 0x9b};
    return std::equal(prefix.begin(), prefix.end(), bytes.begin());
}

bool is_global(const address_v6& address) {
    const auto bytes = address.to_bytes();
    const auto upper = upper_half(bytes);
    if (address.is_v4_mapped() || is_nat64(bytes)) return is_global(embedded(bytes, 12));
    if (lies_in(upper, BlockV6{0x2002'0000'0000'0000, 16})) return is_global(embedded(bytes, 2));
    return lies_in(upper, global_unicast) && std::ranges::none_of(not_global_v6, [&](BlockV6 block) { return lies_in(upper, block); });
}

}  // namespace

bool is_globally_routable(const asio::ip::address& address) { return address.is_v4() ? is_global(address.to_v4()) : is_global(address.to_v6()); }

bool is_loopback(const asio::ip::address& address) {
    if (address.is_v4()) return address.to_v4().is_loopback();
    const auto v6 = address.to_v6();
    return v6.is_loopback() || (v6.is_v4_mapped() && embedded(v6.to_bytes(), 12).is_loopback());
}

std::optional<asio::ip::address> numeric_address(std::string_view host) {
    boost::system::error_code error;
    const auto address = asio::ip::make_address(std::string{host}, error);
    if (error) return std::nullopt;
    return address;
}

}  // namespace motionspool::http
