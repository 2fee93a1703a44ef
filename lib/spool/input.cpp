#include "spool/input.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include "base/trouble.hpp"
#include "spool/beneath.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

using Why = Refusal::Why;

/// Without "." and inner ".."; or why it can be no path inside a folder.
std::variant<std::string, Refusal> clean(std::string_view written) {
    if (written.empty()) return Refusal{Why::not_a_file, "is empty; expected the path of a file"};
    if (written.find('\0') != std::string_view::npos) return Refusal{Why::not_a_file, "contains a NUL character; expected the path of a file"};
    if (written.starts_with('/')) return Refusal{Why::outside, "is an absolute path; expected one inside the folder of the manifest"};
    const auto path = std::filesystem::path{written}.lexically_normal().string();
    if (path == ".." || path.starts_with("../")) return Refusal{Why::outside, "leads out of its folder; expected a path inside it, without \"..\""};
    if (path == "." || path.ends_with('/')) return Refusal{Why::not_a_file, "is a folder; expected a file"};
    return path;
}

Refusal refusal_of(int error) {
    switch (error) {
        case ENOENT:
        case ENOTDIR: return {Why::missing, "is not there; expected a file of that name"};
        case EXDEV: return {Why::outside, "leads out of its folder through a symbolic link; put the file itself there"};
        case ELOOP: return {Why::outside, "passes a symbolic link that cannot be followed; put the file itself there"};
        case ENXIO:
        case ENODEV: return {Why::not_a_file, "is no regular file; expected an image or a video"};
        case EACCES:
        case EPERM: return {Why::unreadable, "may not be read by the service; make it readable for its group"};
        default: return {is_trouble(error) ? Why::trouble : Why::unreadable, "cannot be read: " + std::generic_category().message(error)};
    }
}

InputOutcome open_clean(int root, const std::string& path) {
    auto opening = open_beneath(root, path, O_RDONLY);
    if (!opening.fd) return refusal_of(opening.error);
    struct stat facts {};
    if (::fstat(opening.fd.get(), &facts) != 0) return refusal_of(errno);
    if (S_ISDIR(facts.st_mode)) return Refusal{Why::not_a_file, "is a folder; expected a file"};
    if (!S_ISREG(facts.st_mode)) return refusal_of(ENXIO);
    return OpenedInput{std::move(opening.fd), path, static_cast<std::uint64_t>(facts.st_size), {}};
}

Refusal not_found(const Match& match, const Listing& names, const std::string& component, std::string_view written) {
    if (match.how == Match::How::several) {
        std::string all;
        for (const auto& name : match.several) all += (all.empty() ? "\"" : ", \"") + shown(name) + "\"";
        return {Why::ambiguous, "is not there as written, and " + all + " match it equally well; write it as it is on disk"};
    }
    auto refusal = refusal_of(ENOENT);
    if (const auto meant = names.meant(component); !meant.empty()) refusal.text += "; did you mean \"" + shown(meant) + "\"?";
    if (written.find('\\') != std::string_view::npos) refusal.text += "; folders are separated by \"/\", not \"\\\"";
    return refusal;
}

/// Looks for each component among the names of its folder. The path found is opened like any other, so nothing depends on what was listed.
InputOutcome open_loosely(int root, const std::string& path, Listings& listings) {
    std::string found;
    bool by_case = false;
    for (const auto& component : components_of(path)) {
        const auto* const names = listings.of(root, found);
        if (names == nullptr) return refusal_of(errno);
        const auto match = names->find(component);
        if (match.name.empty()) return not_found(match, *names, component, path);
        by_case = by_case || match.how == Match::How::by_case;
        found += (found.empty() ? "" : "/") + match.name;
    }
    auto outcome = open_clean(root, found);
    if (auto* const opened = std::get_if<OpenedInput>(&outcome); opened != nullptr && by_case)
        opened->warning = "is called \"" + shown(found) + "\" on disk, and was taken as that; write it the same way";
    return outcome;
}

}  // namespace

InputOutcome open_exactly(int root, std::string_view path) {
    auto cleaned = clean(path);
    if (auto* const refusal = std::get_if<Refusal>(&cleaned)) return std::move(*refusal);
    return open_clean(root, std::get<std::string>(cleaned));
}

InputOutcome open_input(int root, std::string_view path, Listings& listings) {
    auto cleaned = clean(path);
    if (auto* const refusal = std::get_if<Refusal>(&cleaned)) return std::move(*refusal);
    const auto& wanted = std::get<std::string>(cleaned);
    auto outcome = open_clean(root, wanted);
    const auto* const refusal = std::get_if<Refusal>(&outcome);
    if (refusal == nullptr || refusal->why != Why::missing) return outcome;
    return open_loosely(root, wanted, listings);
}

InputOutcome open_input(int root, std::string_view path) {
    Listings fresh;
    return open_input(root, path, fresh);
}

}  // namespace motionspool::spool
