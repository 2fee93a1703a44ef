#pragma once
#include <boost/json/array.hpp>
#include <string>
#include <vector>
#include "reading.hpp"

// What `show` prints.
namespace motionspool {

void show_job(Reading&, const store::JobView&);
void show_job_json(Reading&, const store::JobView&);
void show_batch(Reading&, const config::Config&, const store::BatchRow&);
void show_batch_json(Reading&, const config::Config&, const store::BatchRow&);

[[nodiscard]] boost::json::array events_as_json(const std::vector<store::Event>&);
/// A heading and a line an event; nothing if there is none.
[[nodiscard]] std::string events_as_text(const std::vector<store::Event>&);

}  // namespace motionspool
