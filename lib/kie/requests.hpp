#pragma once
#include "http/message.hpp"

namespace motionspool::kie {

/// The headers every call to the provider's two origins carries; nothing else ever gets the key.
[[nodiscard]] http::Headers with_key(const std::string& key);

}  // namespace motionspool::kie
