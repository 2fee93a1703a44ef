#pragma once
#include <optional>
#include <string>
#include <vector>
#include "base/credits.hpp"
#include "base/result.hpp"
#include "config/config.hpp"

namespace motionspool::app {

/// What `set` changes of a batch.
struct BatchSettings {
    std::optional<int> priority;
    std::optional<std::string> share, window;      ///< "" within: the batch itself; at any time
    std::optional<std::optional<Credits>> budget;  ///< nothing within: none
};
/// Reads "priority=7", "share=NAME|none", "window=NAME|none", "budget=CREDITS|none" by the manifest's rules.
[[nodiscard]] Result<BatchSettings> read_batch_settings(const std::vector<std::string>&, const config::Config&);

/// Why these settings cannot be: the batch's priority would be above `max_priority` of its share. @param share, priority as they are now
[[nodiscard]] std::optional<std::string> beyond_share(const BatchSettings&, const std::string& share, int priority, const config::Config&);

}  // namespace motionspool::app
