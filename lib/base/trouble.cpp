#include "base/trouble.hpp"
#include <algorithm>
#include <array>
#include <cerrno>

namespace motionspool {

bool is_trouble(int error) {
    constexpr std::array<int, 18> troubles{EMFILE,    ENFILE,       ENOMEM,   ENOBUFS,     EAGAIN,     EINTR,    EIO,     ESTALE,    ETIMEDOUT,
                                           EHOSTDOWN, EHOSTUNREACH, ENETDOWN, ENETUNREACH, ECONNRESET, ENOTCONN, ENOLINK, EREMOTEIO, EKEYEXPIRED};
    return std::ranges::find(troubles, error) != troubles.end();
}

}  // namespace motionspool
