#include <unistd.h>
#include <cstdlib>
#include "media/probe.hpp"

namespace motionspool::media {

Result<std::filesystem::path> find_probe_program() {
    const auto runs = [](const std::filesystem::path& path) { return ::access(path.c_str(), X_OK) == 0; };
    if (const char* const named = std::getenv("MOTIONSPOOL_PROBE"); named != nullptr && *named != '\0') {
        if (runs(named)) return std::filesystem::path{named};
        return Problem{"$MOTIONSPOOL_PROBE names " + std::string{named} + ", which is no program that can be run; correct it or unset it"};
    }
    std::error_code error;
    const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
    const auto beside = folder / "motionspool-probe";
    const auto installed = folder.parent_path() / "libexec/motionspool/motionspool-probe";
    if (runs(beside)) return beside;
    if (runs(installed)) return installed;
    return Problem{"the helper that reads media files is neither " + beside.string() + " nor " + installed.string() +
                   "; install motionspool again, or name the helper in $MOTIONSPOOL_PROBE"};
}

}  // namespace motionspool::media
