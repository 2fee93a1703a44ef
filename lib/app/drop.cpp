#include "app/drop.hpp"
#include <cerrno>
#include "spool/files.hpp"
#include "spool/manifest_file.hpp"
#include "spool/names.hpp"

namespace motionspool::app {
namespace {

spool::InputOutcome open_manifest_of(int folder, const Drop& drop) {
    if (!drop.folder) return spool::open_lone_manifest(folder, drop.entry);
    const auto opened = spool::open_folder(folder, drop.entry);
    using Why = spool::Refusal::Why;
    if (!opened) {
        const bool trouble = is_trouble(errno);
        const auto text = spool::problem_of("the folder cannot be opened", errno).text;
        return spool::Refusal{trouble ? Why::trouble : Why::unreadable, trouble ? text : text + "; make it readable for the service's group"};
    }
    return spool::open_manifest(opened.get());
}

}  // namespace

std::variant<ManifestFile, spool::Refusal> read_manifest_of(int folder, const Drop& drop, const config::Config& config) {
    auto outcome = open_manifest_of(folder, drop);
    if (auto* refusal = std::get_if<spool::Refusal>(&outcome)) return std::move(*refusal);
    auto& file = std::get<spool::OpenedInput>(outcome);
    auto bytes = spool::read_beginning(file.fd.get(), config.limits.manifest_bytes + 1);
    if (!bytes) return spool::Refusal{bytes.trouble() ? spool::Refusal::Why::trouble : spool::Refusal::Why::not_a_file, bytes.problem().text};
    ManifestFile manifest{std::move(file.path), std::move(*bytes), {}};
    if (!file.warning.empty()) manifest.complaints.push_back({Complaint::Severity::warning, {}, "the manifest " + file.warning});
    return manifest;
}

std::optional<struct stat> stat_manifest_of(int folder, const Drop& drop) {
    const auto outcome = open_manifest_of(folder, drop);
    const auto* file = std::get_if<spool::OpenedInput>(&outcome);
    struct stat facts {};
    if (file == nullptr || ::fstat(file->fd.get(), &facts) != 0) return std::nullopt;
    return facts;
}

Tried<spool::Place> place_of(int folder, const Drop& drop, const config::Config& config, const spool::Layout& layout) {
    const auto& roots = config.spool.media_roots;
    if (!drop.folder) return spool::Place::media_roots({roots.begin(), roots.end()}, layout.incoming.get());
    auto opened = spool::open_folder(folder, drop.entry);
    if (!opened) {
        const int error = errno;
        auto problem = spool::problem_of("the folder " + spool::shown(drop.entry) + " cannot be opened", error);
        if (is_trouble(error)) return ServerTrouble{std::move(problem.text)};
        return problem;
    }
    return spool::Place::folder(std::move(opened));
}

}  // namespace motionspool::app
