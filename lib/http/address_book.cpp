#include "http/address_book.hpp"
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdlib>
#include "http/address.hpp"

namespace motionspool::http {
namespace {

constexpr std::chrono::seconds remembered{30};
constexpr std::size_t most_names = 64;

/// Shared with the resolver's handler, which may run after the waiting coroutine has gone.
struct Lookup {
    asio::steady_timer answered;
    bool done = false;
    boost::system::error_code error;
    Addresses addresses;
};

std::shared_ptr<Lookup> start(asio::ip::tcp::resolver& resolver, const std::string& host, SteadyTime end) {
    const std::shared_ptr<Lookup> lookup{new Lookup{.answered = asio::steady_timer{resolver.get_executor(), end}}};
    const auto no_flags = asio::ip::resolver_base::flags{};
    resolver.async_resolve(host, "", no_flags, [lookup](boost::system::error_code error, const asio::ip::tcp::resolver::results_type& results) {
        for (const auto& result : results) lookup->addresses.push_back(result.endpoint().address());
        lookup->error = error;
        lookup->done = true;
        lookup->answered.cancel();
    });
    return lookup;
}

}  // namespace

AddressBook::AddressBook(asio::any_io_executor executor) : executor_{executor}, resolver_{std::move(executor)} {}

asio::awaitable<std::variant<Addresses, NoAddress>> AddressBook::look_up(std::string host, SteadyTime end) {
    if (const auto number = numeric_address(host)) co_return Addresses{*number};
    if (host == "localhost") co_return Addresses{asio::ip::address_v4::loopback(), asio::ip::address_v6::loopback()};
    const auto now = std::chrono::steady_clock::now();
    if (const auto known = entries_.find(host); known != entries_.end() && now < known->second.until) co_return known->second.addresses;
    const NoAddress too_late{.text = "the name server did not answer in time; check the network and /etc/resolv.conf", .timed_out = true};
    if (now >= end) co_return too_late;
    const auto lookup = start(resolver_, host, end);
    const auto [waited] = co_await lookup->answered.async_wait(asio::as_tuple(asio::use_awaitable));
    if (!lookup->done && waited) throw boost::system::system_error(waited);
    if (!lookup->done) co_return too_late;
    if (lookup->error) co_return NoAddress{.text = "the name cannot be looked up (" + lookup->error.message() + "); check its spelling and the network"};
    if (lookup->addresses.empty()) co_return NoAddress{.text = "the name has no address"};
    if (entries_.size() >= most_names) entries_.clear();
    entries_.insert_or_assign(host, Entry{.addresses = lookup->addresses, .until = now + remembered});
    co_return lookup->addresses;
}

void AddressBook::prefer(const std::string& host, const asio::ip::address& address) {
    const auto known = entries_.find(host);
    if (known == entries_.end()) return;
    auto& addresses = known->second.addresses;
    const auto found = std::ranges::find(addresses, address);
    if (found != addresses.end()) std::rotate(addresses.begin(), found, found + 1);
}

void AddressBook::forget(const std::string& host) { entries_.erase(host); }

void limit_system_lookups() {
    constexpr int keep = 0;
    ::setenv("RES_OPTIONS", "timeout:2 attempts:2", keep);
}

}  // namespace motionspool::http
