#pragma once
#include <optional>
#include "domain/schedule.hpp"
#include "support/world.hpp"

// What a job of the world waits for, as the commands tell it.
namespace motionspool::test {

[[nodiscard]] std::optional<domain::Blocked> waiting(World&, const std::string& job);
/// The constraint's name; empty if it waits for nothing.
[[nodiscard]] std::string waits_for(World&, const std::string& job);
/// How many of the queued jobs wait for that.
[[nodiscard]] std::size_t waiting_for(World&, const std::string& why);

}  // namespace motionspool::test
