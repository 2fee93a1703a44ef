#pragma once
#include "whole/rig.hpp"

// What tests ask the daemon with its own commands.
namespace motionspool::whole {

[[nodiscard]] bool holds(const std::string& text, const std::string& part);
/// `why BATCH/JOB --json`
[[nodiscard]] json::object why(const Rig&, const std::string& job);
/// The batch's row of `batches --json`; empty if there is none.
[[nodiscard]] json::object batch_row(const Rig&, const std::string& name);
/// Waits until so many jobs are queued with their inputs (two files) uploaded.
void wait_until_queued(const Rig&, std::size_t count);

}  // namespace motionspool::whole
