#pragma once
#include <vector>
#include "options.hpp"

namespace motionspool {

struct PlanOptions {
    std::vector<std::string> manifests;
};
CLI::App* add_plan(CLI::App& root, PlanOptions&);
/// Tells what manifests would cost, upload and wait for, and when they could be finished. Asks the running daemon for the balance and the day's spending, else
/// the database; without either it tells what the configuration alone says.
/// @return 0; 65 a manifest would be rejected, and its errors are told; 66 it is not there; @throws Exit 69, 77, 78
[[nodiscard]] int plan_manifests(const Options&, const PlanOptions&);

}  // namespace motionspool
