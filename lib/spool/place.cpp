#include "spool/place.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <optional>
#include "base/same_file.hpp"
#include "spool/dir_stream.hpp"
#include "spool/files.hpp"
#include "spool/glob.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

namespace fs = std::filesystem;
using Why = Refusal::Why;

std::string names_of(const std::vector<fs::path>& roots) {
    std::string all;
    for (const auto& root : roots) all += (all.empty() ? "" : ", ") + root.string();
    return all;
}

/// What of an absolute path lies below a root: nothing if it is not inside.
std::optional<std::string> below(const fs::path& root, const fs::path& path) {
    const auto rest = path.lexically_normal().lexically_relative(root);
    if (rest.empty() || rest == "." || *rest.begin() == "..") return std::nullopt;
    return rest.string();
}

constexpr const char* drop_a_folder = "; put the manifest and its media into one folder and drop that folder";

/// Nobody knows which is meant, and the wrong one would be paid for.
std::string root_and_beside(const fs::path& root) { return "lies beside the manifest in incoming/, and in " + root.string() + ", too" + drop_a_folder; }

bool found(const InputOutcome& outcome) { return std::holds_alternative<OpenedInput>(outcome); }

bool empty(int folder) {
    DirStream stream{folder};
    return stream.next() == nullptr && stream.error() == 0;
}

/// Opens a file in a root; the path of the answer is absolute.
template <typename Open>
InputOutcome open_in(const fs::path& root, std::string_view path, Open open) {
    const auto folder = open_folder(AT_FDCWD, root.string(), Follow::yes);
    if (!folder)
        return Refusal{is_trouble(errno) ? Why::trouble : Why::away, problem_of("is looked for in " + root.string() + ", which cannot be opened", errno).text};
    InputOutcome outcome = open(folder.get(), path);
    if (auto* const opened = std::get_if<OpenedInput>(&outcome))
        opened->path = (root / opened->path).string();
    else if (std::get<Refusal>(outcome).why == Why::missing && empty(folder.get()))
        return Refusal{Why::away, "is looked for in " + root.string() + ", which holds nothing; is it not mounted?"};
    return outcome;
}

}  // namespace

Place Place::folder(UniqueFd folder) {
    Place place;
    place.folder_ = std::move(folder);
    return place;
}

Place Place::media_roots(std::vector<fs::path> roots, int incoming) {
    Place place;
    place.incoming_ = duplicate(incoming);
    for (auto& root : roots) {
        root = root.lexically_normal();
        if (!root.has_filename()) root = root.parent_path();
    }
    place.roots_ = std::move(roots);
    return place;
}

InputOutcome Place::open(std::string_view written) const { return folder_ ? open_input(folder_.get(), written, listings_[{}]) : open_in_roots(written); }

InputOutcome Place::open_in_roots(std::string_view written) const {
    const auto loosely = [this](const fs::path& root) {
        return [&listings = listings_[root]](int folder, std::string_view path) { return open_input(folder, path, listings); };
    };
    Refusal closest{Why::missing, "is in none of the media roots (" + names_of(roots_) + "); expected a file in one of them"};
    if (written.starts_with('/') && written.find('\0') == std::string_view::npos) {
        for (const auto& root : roots_) {
            const auto rest = below(root, fs::path{written});
            if (!rest) continue;
            auto outcome = open_in(root, *rest, loosely(root));
            if (found(outcome) || std::get<Refusal>(outcome).why != Why::missing) return outcome;
            closest = std::get<Refusal>(std::move(outcome));
            return closest;
        }
        return not_in_roots(written, {Why::outside, "is not inside any of the media roots (" + names_of(roots_) + "); expected a file in one of them"});
    }
    for (const bool exactly : {true, false}) {
        for (const auto& root : roots_) {
            auto outcome = exactly ? open_in(root, written, open_exactly) : open_in(root, written, loosely(root));
            if (found(outcome))
                return lies_beside(written, std::get<OpenedInput>(outcome)) ? InputOutcome{Refusal{Why::outside, root_and_beside(root)}} : std::move(outcome);
            if (auto& refusal = std::get<Refusal>(outcome); refusal.why != Why::missing && closest.why != Why::trouble) closest = std::move(refusal);
        }
    }
    return not_in_roots(written, std::move(closest));
}

bool Place::lies_beside(std::string_view written, const OpenedInput& in_root) const {
    if (written.find('/') != std::string_view::npos) return false;  // in a folder there, which is a drop of its own
    const auto outcome = open_exactly(incoming_.get(), written);
    const auto* const beside = std::get_if<OpenedInput>(&outcome);
    return beside != nullptr && !same_file(beside->fd.get(), in_root.fd.get());
}

std::string Place::file_beside(std::string_view pattern) const {
    if (pattern.find('/') != std::string_view::npos) return {};
    const auto names = spool::glob(incoming_.get(), pattern, beside_);
    if (!names) return {};
    const auto media = std::ranges::find_if(*names, [](const std::string& name) { return manifest_alone(name) == ManifestName::no && !is_note(name); });
    return media == names->end() ? std::string{} : *media;
}

Refusal Place::not_in_roots(std::string_view written, Refusal closest) const {
    if (!written.starts_with('/') && found(open_input(incoming_.get(), written)))
        return {Why::outside, std::string{"lies beside the manifest in incoming/"} + drop_a_folder};
    if (roots_.empty())
        return {Why::outside,
                std::string{"cannot be found, because a manifest alone has no folder of its own and no spool.media_roots are configured"} + drop_a_folder};
    return closest;
}

Tried<std::vector<std::string>> Place::glob(std::string_view pattern) const {
    if (folder_) return spool::glob(folder_.get(), pattern, listings_[{}]);
    const bool absolute = pattern.starts_with('/');
    for (const auto& root : roots_) {
        const auto inner = absolute ? below(root, fs::path{pattern}) : std::optional{std::string{pattern}};
        const auto folder = open_folder(AT_FDCWD, root.string(), Follow::yes);
        if (!folder && is_trouble(errno)) return ServerTrouble{problem_of("is looked for in " + root.string() + ", which cannot be opened", errno).text};
        if (!inner || !folder) continue;
        auto matches = spool::glob(folder.get(), *inner, listings_[root]);
        if (!matches) return matches;
        for (auto& match : *matches) match = (root / match).string();
        if (matches->empty()) continue;
        if (const auto beside = file_beside(pattern); !beside.empty() && !same_file(incoming_.get(), folder.get()))
            return Problem{"matches files that lie beside the manifest in incoming/ (\"" + shown(beside) + "\"), and some in " + root.string() + drop_a_folder};
        return matches;
    }
    return std::vector<std::string>{};
}

}  // namespace motionspool::spool
