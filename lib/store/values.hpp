#pragma once
#include <string_view>
#include "domain/job.hpp"
#include "domain/price.hpp"
#include "store/statement.hpp"

// Words of the database back into domain values. What a CHECK constraint guarantees is not doubted here.
namespace motionspool::store {

[[nodiscard]] domain::Mode mode_of(std::string_view);
[[nodiscard]] domain::Orientation orientation_of(std::string_view);
[[nodiscard]] domain::Stage stage_of(std::string_view);
[[nodiscard]] domain::Format format_of(std::string_view);
/// Rows of mode, whole seconds, how many.
[[nodiscard]] std::vector<domain::Lengths> read_lengths(Use&);

}  // namespace motionspool::store
