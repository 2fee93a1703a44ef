#pragma once
#include <string>
#include <vector>
#include "base/complaint.hpp"
#include "base/time.hpp"

namespace motionspool::app {

/// Why a drop was not accepted.
struct RejectReport {
    std::string name;  ///< of the entry in rejected/
    std::string file;  ///< the manifest, as it stands in the lines
    std::string bytes;
    Complaints complaints;
    Instant at;
};
[[nodiscard]] std::string to_text(const RejectReport&);  ///< for people
[[nodiscard]] std::string to_json(const RejectReport&);

/// What NAME.waiting.txt says of a drop that this server could not look at.
[[nodiscard]] std::string held_up_text(const std::string& name, const std::string& trouble, std::chrono::milliseconds between_tries);

/// What NAME.waiting.txt says.
[[nodiscard]] std::string waiting_text(const std::string& name, const std::vector<std::string>& missing, const std::string& otherwise);

}  // namespace motionspool::app
