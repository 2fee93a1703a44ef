#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include "base/time.hpp"
#include "http/message.hpp"
#include "system/secret.hpp"

namespace motionspool::web {

/// A callback whose form and signature are good. Whether its secret is one of ours is the service's to say.
struct Callback {
    std::string secret, task;
    std::optional<Instant> signed_at;  ///< as its sender's clock says
};
/// Why a request is none; for the log, and holds nothing of the request.
struct NoCallback {
    std::string why;
};

/// Judges a request without looking anything up: POST {path}/callback/SECRET, a body that names one task, and, if there is a key, one timestamp and one
/// signature over "TASK.TIMESTAMP".
/// @param path of `webhook.public_url`
[[nodiscard]] std::variant<Callback, NoCallback> read_callback(const http::Request&, std::string_view path, const std::optional<system::Secret>& key);

/// Under which of these paths, one at least, the target is one of a callback; the first if under none.
[[nodiscard]] std::string_view path_for(std::string_view target, std::span<const std::string> paths);

}  // namespace motionspool::web
