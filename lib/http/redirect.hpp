#pragma once
#include "http/message.hpp"

namespace motionspool::http {

/// 301, 302, 303, 307, 308
[[nodiscard]] bool is_redirect(int status);

/// Where an answer to `from` leads by its Location (link.hpp). Whether one may go there is the caller's to say.
[[nodiscard]] Result<Url> redirected(const Url& from, const Response&);

}  // namespace motionspool::http
