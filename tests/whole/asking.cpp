#include "whole/asking.hpp"
#include <boost/json/parse.hpp>

namespace motionspool::whole {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

json::object why(const Rig& rig, const std::string& job) { return json::parse(rig.run({"why", job, "--json"}).out).as_object(); }

json::object batch_row(const Rig& rig, const std::string& name) {
    const auto rows = json::parse(rig.run({"batches", "--json"}).out);
    for (const auto& row : rows.as_array()) {
        if (text_at(row.as_object(), "batch") == name) return row.as_object();
    }
    return {};
}

void wait_until_queued(const Rig& rig, std::size_t count) {
    wait_until("the jobs are queued", [&] { return rig.states()["queued"] == count && rig.journal().of_kind("upload").size() >= 2; });
}

}  // namespace motionspool::whole
