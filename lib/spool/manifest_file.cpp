#include "spool/manifest_file.hpp"
#include <sys/stat.h>
#include <algorithm>
#include "base/text.hpp"
#include "base/trouble.hpp"
#include "spool/dir_stream.hpp"
#include "spool/files.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

InputOutcome with_warning(InputOutcome outcome, const std::string& name) {
    auto* const opened = std::get_if<OpenedInput>(&outcome);
    if (opened != nullptr && manifest_alone(name) == ManifestName::with_txt)
        opened->warning = "is called \"" + shown(name) + "\"; taken as a manifest, better call it \"" + shown(name.substr(0, name.size() - 4)) + "\"";
    return outcome;
}

/// A hint for a folder whose manifest has another name.
std::string almost(int folder, const std::vector<std::string>& names) {
    for (const auto& name : names)
        if (!ignored(name) && manifest_alone(name) != ManifestName::no) return "; rename \"" + shown(name) + "\" if that is the manifest";
    for (const auto& name : names) {  // archives often hold one folder, and are unpacked into another
        const auto inner = ignored(name) ? UniqueFd{} : open_folder(folder, name);
        if (inner && std::ranges::any_of(names_in(inner.get()), [](const auto& file) { return manifest_in_folder(file) != ManifestName::no; }))
            return "; the folder \"" + shown(name) + "\" in it has one: drop that folder";
    }
    return {};
}

}  // namespace

InputOutcome open_manifest(int folder) {
    int error = 0;
    const auto names = names_in(folder, error);
    if (is_trouble(error)) return Refusal{Refusal::Why::trouble, problem_of("the folder cannot be read", error).text};
    std::vector<std::string> manifests;
    for (const auto& name : names)
        if (manifest_in_folder(name) != ManifestName::no) manifests.push_back(name);
    if (manifests.empty()) return Refusal{Refusal::Why::missing, "the folder has no manifest; expected a file manifest.yaml in it" + almost(folder, names)};
    if (manifests.size() > 1)
        return Refusal{Refusal::Why::ambiguous, "the folder has several manifests (" + join(manifests, ", ") + "); expected exactly one manifest.yaml"};
    auto outcome = open_exactly(folder, manifests.front());
    if (auto* const refusal = std::get_if<Refusal>(&outcome)) refusal->text = manifests.front() + " " + refusal->text;
    return with_warning(std::move(outcome), manifests.front());
}

InputOutcome open_lone_manifest(int folder, const std::string& name) {
    auto outcome = open_exactly(folder, name);
    if (auto* const refusal = std::get_if<Refusal>(&outcome)) refusal->text = shown(name) + " " + refusal->text;
    return with_warning(std::move(outcome), name);
}

}  // namespace motionspool::spool
