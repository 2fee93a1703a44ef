#include "spool/stranger.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <array>
#include <string_view>
#include "base/text.hpp"

namespace motionspool::spool {
namespace {

constexpr std::array<std::string_view, 9> archives{".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst"};
constexpr std::array<std::string_view, 12> media{".png", ".jpg", ".jpeg", ".webp", ".gif", ".heic", ".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi"};

bool ends_with_one_of(std::string_view name, const auto& ends) {
    return std::ranges::any_of(
        ends, [&](std::string_view end) { return name.size() > end.size() && equal_ignoring_case(name.substr(name.size() - end.size()), end); });
}

}  // namespace

std::string why_no_drop(int incoming, const std::string& name) {
    struct stat facts {};
    const bool known = ::fstatat(incoming, name.c_str(), &facts, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0;
    if (known && S_ISLNK(facts.st_mode)) return "This is a symbolic link, and links are not followed; put the folder or the manifest itself here.";
    if (known && !S_ISREG(facts.st_mode)) return "This is neither a file nor a folder, and nothing is read from it.";
    if (ends_with_one_of(name, archives)) return "This is an archive; unpack it, and put the folder that has the manifest.yaml here.";
    if (ends_with_one_of(name, media)) return "Media alone are no drop; put them into a folder with a manifest.yaml that names them, and drop that.";
    return "This is no drop: a drop is a folder with a manifest.yaml and its media, or a manifest NAME.yaml alone.";
}

}  // namespace motionspool::spool
