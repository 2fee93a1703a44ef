#pragma once
#include <string>
#include <string_view>
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace motionspool::http {

/// A listening socket: non-blocking, closed in children.
struct Bound {
    UniqueFd fd;
    std::string name;       ///< "127.0.0.1:8377" with the port it really has, or "unix:/path"
    std::string unix_path;  ///< empty for TCP
};

/// @param listen as http::listen
[[nodiscard]] Result<Bound> bind_and_listen(std::string_view listen);

}  // namespace motionspool::http
