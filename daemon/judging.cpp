#include "judging.hpp"
#include "app/appending.hpp"
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
    const auto twin = reading.store().batches.with_fingerprint(app::fingerprint_of(e));
    if (twin)
        e.complaints.push_back(app::twin_complaint(e, *twin, name.complaint.has_value()));
    else if (name.complaint)
        e.complaints.push_back(*name.complaint);
    if (twin || name.complaint)
        e.partly_usable = false;
    else if (name.append)
        reading.meet(name.append->id, e);
}

}  // namespace motionspool
