#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "config/yaml.hpp"

namespace motionspool::config {

/// Does this version do what the manifest key asks for? (A key that is not available may still be written with the value `none`.)
[[nodiscard]] bool is_available(std::string_view manifest_key);

/// The keys written in a configuration that have no effect in this version, as "section.key".
[[nodiscard]] std::vector<std::string> keys_without_effect(const Node& configuration);

}  // namespace motionspool::config
