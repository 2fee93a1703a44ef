#include "judging.hpp"
#include "app/appending.hpp"
#include "app/renders.hpp"
#include "exit.hpp"

namespace motionspool {

std::unique_ptr<Reading> database_of(const config::Config& config) {
    try {
        return std::make_unique<Reading>(config);
    } catch (const Exit&) { return nullptr; }  // it has never run, or is not for this user
}

void judge_by_what_is_there(Reading& reading, NamedManifest& named) {
    auto& e = named.examination;
    const auto name = app::written_name(reading.store(), e).value_or(app::BatchName{});  // one that is derived makes room for itself
    const auto appends = name.append ? std::optional{name.append->id} : std::nullopt;
    const auto twin = app::twin_complaint(reading.store(), e, appends, name.complaint.has_value());
    if (twin)
        e.complaints.push_back(*twin);
    else if (name.complaint)
        e.complaints.push_back(*name.complaint);
    if (twin || name.complaint)
        e.partly_usable = false;
    else
        reading.meet(appends, e);
}

void warn_by_what_is_there(Reading& reading, NamedManifest& named) {
    auto& e = named.examination;
    const auto name = app::written_name(reading.store(), e).value_or(app::BatchName{});
    const auto appends = name.append ? std::optional{name.append->id} : std::nullopt;
    if (auto twin = app::twin_complaint(reading.store(), e, appends, false)) {
        twin->severity = Complaint::Severity::warning;
        e.complaints.push_back(std::move(*twin));
        return;
    }
    if (!e.manifest->append) reading.meet(std::nullopt, e);
}

}  // namespace motionspool
