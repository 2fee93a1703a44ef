#pragma once
#include <functional>
#include <string>
#include "base/unique_fd.hpp"

namespace motionspool::http {

/// Takes waiting connections off a listening socket. Keeps one descriptor in reserve, so that at the descriptor limit connections can still be
/// taken and closed instead of waking the loop for ever.
class Doorway {
public:
    /// @pre `listening` is non-blocking and outlives this
    explicit Doorway(int listening);

    enum class Rush { over, exhausted };  ///< exhausted: no descriptor is free; look again only after a pause
    /// Hands every waiting connection (a bounded number a turn) to `guest`, as a non-blocking descriptor and the peer's name.
    Rush let_in(const std::function<void(UniqueFd, std::string)>& guest);

private:
    void turn_away();
    int listening_;
    UniqueFd reserve_;
};

}  // namespace motionspool::http
