#include "system/notify.hpp"
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <array>
#include <cstdlib>
#include <cstring>
#include "base/unique_fd.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::system {
namespace {
using namespace std::chrono_literals;

/// Stands in for the service manager: owns a $NOTIFY_SOCKET.
class Manager {
public:
    Manager() : socket_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)} {
        const std::string path = folder_ / "notify";
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
        REQUIRE(::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
        ::setenv("NOTIFY_SOCKET", path.c_str(), 1);
    }
    Manager(const Manager&) = delete;
    Manager& operator=(const Manager&) = delete;
    ~Manager() { ::unsetenv("NOTIFY_SOCKET"); }
    /// The next message; empty if there is none.
    std::string heard() {
        std::array<char, 512> buffer{};
        const ssize_t length = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        return length > 0 ? std::string{buffer.data(), static_cast<std::size_t>(length)} : std::string{};
    }

private:
    test::TempFolder folder_;
    UniqueFd socket_;
};

TEST_CASE("the service manager hears each state as systemd spells it") {
    Manager manager;
    notify_ready("watching /var/spool");
    CHECK(manager.heard() == "READY=1\nSTATUS=watching /var/spool");
    notify_status("3 running");
    CHECK(manager.heard() == "STATUS=3 running");
    notify_stopping("waiting for an answer");
    CHECK(manager.heard() == "STOPPING=1\nSTATUS=waiting for an answer");
    notify_extend_timeout(20s);
    CHECK(manager.heard() == "EXTEND_TIMEOUT_USEC=20000000");
    notify_watchdog();
    CHECK(manager.heard() == "WATCHDOG=1");
    notify_reloading();
    CHECK(manager.heard().starts_with("RELOADING=1\nMONOTONIC_USEC="));
}

TEST_CASE("a status with line ends cannot smuggle in another state") {
    Manager manager;
    notify_status("job a\nSTOPPING=1\r\nx");
    CHECK(manager.heard() == "STATUS=job a STOPPING=1  x");
}

TEST_CASE("without a service manager nothing is sent to anyone") {
    Manager manager;
    ::unsetenv("NOTIFY_SOCKET");
    notify_ready("");
    CHECK(manager.heard().empty());
}

TEST_CASE("the watchdog is fed twice per limit, and only if one is kept on this very process") {
    ::setenv("WATCHDOG_USEC", "30000000", 1);
    CHECK(watchdog_interval() == 15s);
    ::setenv("WATCHDOG_PID", "1", 1);
    CHECK_FALSE(watchdog_interval().has_value());
    ::unsetenv("WATCHDOG_PID");
    ::unsetenv("WATCHDOG_USEC");
    CHECK_FALSE(watchdog_interval().has_value());
}

}  // namespace
}  // namespace motionspool::system
