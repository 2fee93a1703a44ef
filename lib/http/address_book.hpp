#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <map>
#include <string>
#include <variant>
#include <vector>
#include "http/deadline.hpp"

namespace motionspool::http {

using Addresses = std::vector<asio::ip::address>;

/// Why a name has no address.
struct NoAddress {
    std::string text;
    bool timed_out = false;
};

/// Looks names up, and remembers the answers briefly. Numbers and "localhost" (RFC 6761) never go to the system's resolver.
class AddressBook {
public:
    explicit AddressBook(asio::any_io_executor executor);
    /// The addresses in the order to try them, never none. A lookup that takes longer than `end` goes on behind the caller's back,
    /// for as long as the system's own limits allow (see limit_system_lookups).
    [[nodiscard]] asio::awaitable<std::variant<Addresses, NoAddress>> look_up(std::string host, SteadyTime end);
    /// This one worked: it will be the first.
    void prefer(const std::string& host, const asio::ip::address& address);
    /// None of them worked: they are looked up anew the next time.
    void forget(const std::string& host);

private:
    struct Entry {
        Addresses addresses;
        SteadyTime until;
    };
    asio::any_io_executor executor_;
    asio::ip::tcp::resolver resolver_;
    std::map<std::string, Entry, std::less<>> entries_;
};

/// The system's resolver cannot be cancelled and is waited for at the program's end: unless RES_OPTIONS says otherwise, two tries of two seconds
/// (resolv.conf(5)).
void limit_system_lookups();

}  // namespace motionspool::http
