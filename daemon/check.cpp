#include "check.hpp"
#include <CLI/App.hpp>
#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/json_text.hpp"
#include "base/text.hpp"
#include "examining.hpp"
#include "exit.hpp"
#include "judging.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

std::string praise(const NamedManifest& named, const config::Config& config) {
    Credits estimate;
    for (const auto& job : named.examination.jobs) estimate += domain::estimate(job.length, job.spec.mode, config.credits.prices());
    return named.file.string() + ": good; " + count_of(named.examination.jobs.size(), "job") + ", estimated " + in_words(estimate) +
           (named.alone ? " (a manifest alone, with files under spool.media_roots)" : "");
}

std::string partial_praise(const NamedManifest& named) {
    const auto& jobs = named.examination.jobs;
    const auto good = static_cast<std::size_t>(std::ranges::count_if(jobs, [](const app::ExaminedJob& job) { return job.spec.invalid.empty(); }));
    return named.file.string() + ": " + std::to_string(good) + " of " + count_of(jobs.size(), "job") + " would be accepted, because of `partial: true`";
}

int check_config(const Options& options) {
    const auto file = load_config(options);
    const bool good = !any_error(file.loaded.complaints);
    const auto& not_yet = file.loaded.not_yet;
    if (options.json) {
        json::object object{{"file", file.path}, {"good", good}, {"complaints", as_json(file.loaded.complaints, file.bytes)}};
        object["no_effect"] = json::array(not_yet.begin(), not_yet.end());
        std::cout << json::serialize(object) << "\n";
        return good ? EX_OK : EX_CONFIG;
    }
    for (const auto& line : to_lines(file.loaded.complaints, file.path, file.bytes)) std::cerr << line << "\n";
    if (!good) throw Exit{EX_CONFIG, "the configuration " + file.path + " has errors"};
    std::cout << file.path << ": good\n";
    if (!not_yet.empty()) std::cout << "without effect in this version: " << join(not_yet, ", ") << "\n";
    return EX_OK;
}

/// @param list for JSON; else it is told in words
int check_one(const config::Config& config, Reading* reading, const std::string& path, json::array* list) try {
    auto named = examine_as_dropped(config, path, Hash::yes);
    if (reading != nullptr && named.examination.acceptable()) warn_by_what_is_there(*reading, named);
    const auto& e = named.examination;
    const bool good = !any_error(e.complaints);
    if (list != nullptr) {
        list->push_back(json::object{{"file", named.file.string()},
                                     {"good", good},
                                     {"acceptable", e.acceptable()},
                                     {"alone", named.alone},
                                     {"jobs", e.jobs.size()},
                                     {"complaints", as_json(e.complaints, e.bytes)}});
    } else {
        print_complaints(named);
        if (good) std::cout << praise(named, config) << std::endl;
        if (!good && e.acceptable()) std::cout << partial_praise(named) << std::endl;
    }
    return good ? EX_OK : EX_DATAERR;
} catch (const Exit& exit) {  // one that is not there does not keep the others from being looked at
    if (list == nullptr) {
        std::cerr << "motionspool: " << exit.what() << "\n";
        return exit.code();
    }
    const json::object complaint{{"line", nullptr}, {"column", nullptr}, {"severity", "error"}, {"message", exit.what()}};
    list->push_back(
        json::object{{"file", path}, {"good", false}, {"acceptable", false}, {"alone", false}, {"jobs", 0}, {"complaints", json::array{complaint}}});
    return exit.code();
}

}  // namespace

CLI::App* add_check(CLI::App& root, CheckOptions& check) {
    auto* command = root.add_subcommand("check", "every error of manifests and the media they name; without one, of the configuration");
    command->add_option("manifest", check.manifests, "manifest files, or the folders they lie in");
    return command->fallthrough();
}

int check_files(const Options& options, const CheckOptions& check) {
    if (check.manifests.empty()) return check_config(options);
    const auto file = read_config(options, false);
    const auto reading = database_of(file.loaded.config);
    json::array list;
    int worst = EX_OK;
    for (const auto& path : check.manifests) worst = std::max(worst, check_one(file.loaded.config, reading.get(), path, options.json ? &list : nullptr));
    if (options.json) std::cout << json::serialize(list) << "\n";
    return worst;
}

}  // namespace motionspool
