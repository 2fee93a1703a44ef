#include "check.hpp"
#include <CLI/App.hpp>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/json_text.hpp"
#include "base/text.hpp"
#include "examining.hpp"
#include "exit.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

json::object as_json(const NamedManifest& named) {
    const auto& e = named.examination;
    json::array complaints;
    for (const auto& complaint : e.complaints) {
        const auto place = place_of(e.bytes, complaint.at);
        complaints.push_back(json::object{{"line", place.line},
                                          {"column", place.column},
                                          {"severity", complaint.severity == Complaint::Severity::error ? "error" : "warning"},
                                          {"message", complaint.text}});
    }
    return {{"file", named.file.string()}, {"good", !any_error(e.complaints)}, {"jobs", e.jobs.size()}, {"complaints", std::move(complaints)}};
}

std::string praise(const NamedManifest& named) {
    Credits estimate;
    for (const auto& job : named.examination.jobs) estimate += job.estimate;
    return named.file.string() + ": good; " + count_of(named.examination.jobs.size(), "job") + ", estimated " + to_string(estimate) + " credits";
}

}  // namespace

CLI::App* add_check(CLI::App& root, CheckOptions& check) {
    auto* command = root.add_subcommand("check", "every error of manifests and the media they name; without one, of the configuration");
    command->add_option("manifest", check.manifests, "manifest files, or the folders they lie in");
    return command->fallthrough();
}

int check_files(const Options& options, const CheckOptions& check) {
    const auto file = read_config(options, check.manifests.empty());
    if (check.manifests.empty()) {
        if (options.json)
            std::cout << json::serialize(json::object{{"file", file.path}, {"good", true}}) << "\n";
        else
            std::cout << file.path << ": good\n";
        return EX_OK;
    }
    bool all_good = true;
    json::array list;
    for (const auto& path : check.manifests) {
        const auto named = examine_named(file.loaded.config, path);
        const bool good = !any_error(named.examination.complaints);
        all_good = all_good && good;
        if (options.json) {
            list.push_back(as_json(named));
            continue;
        }
        print_complaints(named);
        if (good) std::cout << praise(named) << "\n";
    }
    if (options.json) std::cout << json::serialize(list) << "\n";
    return all_good ? EX_OK : EX_DATAERR;
}

}  // namespace motionspool
