#pragma once
#include "base/result.hpp"

namespace motionspool {

/// The server's own trouble (descriptors, memory, a disk, a file server, a program being replaced): of what was asked nothing is known, and the same may work
/// in a while. Nobody's drop is to blame.
struct ServerTrouble {
    std::string text;  ///< as of a Problem
};

/// Is an errno the server's trouble, and not about the file that was named?
[[nodiscard]] bool is_trouble(int error);

/// A value, the problem that kept it from being, or the server's trouble, which reads like a problem to whoever need not tell them apart.
template <typename T>
class [[nodiscard]] Tried : public Result<T> {
public:
    using Result<T>::Result;
    Tried(ServerTrouble trouble) : Result<T>{Problem{std::move(trouble.text)}}, trouble_{true} {}
    [[nodiscard]] bool trouble() const noexcept { return trouble_; }

private:
    bool trouble_ = false;
};

}  // namespace motionspool
