#include "submit.hpp"
#include <fcntl.h>
#include <unistd.h>
#include <CLI/App.hpp>
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include "access.hpp"
#include "base/text.hpp"
#include "domain/names.hpp"
#include "examining.hpp"
#include "exit.hpp"
#include "follow.hpp"
#include "judging.hpp"
#include "spool/files.hpp"
#include "spool/names.hpp"
#include "spool/write_drop.hpp"
#include "system/real_clock.hpp"

namespace motionspool {
namespace {

/// The drop is called what the batch would be: by `batch:`, else by the manifest's own name, else by its folder's.
std::string drop_name(const NamedManifest& named) {
    const auto& batch = named.examination.manifest->batch;
    if (batch) return domain::nfc(batch->text);
    const auto file = named.file.filename().string();
    if (spool::manifest_in_folder(file) == spool::ManifestName::no) return domain::derived_name(spool::parts_of(file, false).stem);
    std::error_code error;
    const auto folder = std::filesystem::canonical(named.folder, error);
    return domain::derived_name(error ? "batch" : folder.filename().string());
}

std::vector<spool::DropFile> files_of(const NamedManifest& named) {
    auto folder = spool::open_folder(AT_FDCWD, named.folder.string(), spool::Follow::yes);
    const auto place = spool::Place::folder(std::move(folder));
    std::vector<spool::DropFile> files;
    for (const auto& input : named.examination.inputs) {
        if (input.root != "") continue;
        auto outcome = place.open(input.source);
        auto* opened = std::get_if<spool::OpenedInput>(&outcome);
        if (opened == nullptr) throw Exit{EX_NOINPUT, input.source + " " + std::get<spool::Refusal>(outcome).text};
        files.push_back({opened->path, std::move(opened->fd)});
    }
    return files;
}

NamedManifest examine_to_submit(const config::Config& config, const std::string& path) {
    auto named = examine_as_dropped(config, path, Hash::yes);
    std::error_code error;
    if (named.alone && std::filesystem::equivalent(named.folder, std::filesystem::path{config.spool.directory} / "incoming", error))
        throw Exit{EX_USAGE, path + " lies in the spool already: the daemon takes it from there"};
    return named;
}

/// Of a `partial` manifest.
std::string bad_ones(const NamedManifest& named) {
    const auto& jobs = named.examination.jobs;
    const auto bad = static_cast<std::size_t>(std::ranges::count_if(jobs, [](const app::ExaminedJob& job) { return !job.spec.invalid.empty(); }));
    return bad == 0 ? "" : ", " + std::to_string(bad) + " of them bad: they fail as invalid, because of `partial: true`";
}

}  // namespace

CLI::App* add_submit(CLI::App& root, SubmitOptions& submit) {
    auto* command = root.add_subcommand("submit", "drop a manifest and the media it names into the spool");
    command->add_option("manifest", submit.manifest, "the manifest, or the folder it lies in")->required();
    command->add_flag("--wait", submit.wait, "show progress until the batch ends; the exit code tells how");
    return command->fallthrough();
}

int submit_manifest(const Options& options, const SubmitOptions& submit) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    auto named = examine_to_submit(config, submit.manifest);
    if (const auto reading = named.examination.acceptable() ? database_of(config) : nullptr) judge_by_what_is_there(*reading, named);
    print_complaints(named);
    if (!named.examination.acceptable()) {
        std::cerr << "motionspool: " << named.file.string() << " has errors; nothing was submitted\n";
        return EX_DATAERR;
    }
    const auto incoming_path = std::filesystem::path{config.spool.directory} / "incoming";
    const auto incoming = spool::open_folder(AT_FDCWD, incoming_path.string(), spool::Follow::yes);
    if (!incoming) {
        const int error = errno;
        if (error == EACCES) throw Exit{EX_NOPERM, "you may not open the spool's folder " + incoming_path.string() + "; " + whom_to_ask(incoming_path)};
        throw Exit{EX_UNAVAILABLE, "cannot open " + incoming_path.string() + ": " + std::strerror(error) + "; has the daemon run with this configuration?"};
    }
    require_access(incoming_path, W_OK | X_OK, "drop anything into the spool's folder");
    const system::RealClock clock;
    const auto began = clock.now();
    const auto& manifest = named.examination.bytes;
    const auto dropped = named.alone ? spool::write_manifest_alone(incoming.get(), drop_name(named), manifest)
                                     : spool::write_drop(incoming.get(), drop_name(named), manifest, files_of(named));
    if (!dropped) throw Exit{EX_CANTCREAT, dropped.problem().text};
    if (options.json && !submit.wait)
        std::cout << boost::json::serialize(boost::json::object{{"drop", *dropped}, {"jobs", named.examination.jobs.size()}}) << "\n";
    else if (!options.json)
        std::cout << "submitted " << count_of(named.examination.jobs.size(), "job") << " as incoming/" << *dropped
                  << (named.alone ? ", a manifest alone with files under spool.media_roots" : "") << bad_ones(named) << std::endl;
    return submit.wait ? follow(config, spool::parts_of(*dropped, !named.alone), began, options.json) : EX_OK;
}

}  // namespace motionspool
