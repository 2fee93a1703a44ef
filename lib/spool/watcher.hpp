#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>
#include "async/clock.hpp"
#include "base/result.hpp"

namespace motionspool::spool {
namespace asio = boost::asio;

/// What happened in the watched folder. Only a reason to scan; several happenings arrive as one.
struct Changes {
    std::vector<std::string> renamed_in;  ///< names that were moved in whole, oldest first
    bool overflowed = false;              ///< some happenings were lost
    bool gone = false;                    ///< the folder is no longer there (removed, unmounted); the next wait() ends when it is back
    bool back = false;                    ///< it is there again, perhaps another one: open it anew
};

/// Tells when to look into a folder. A seam with two real sides. It watches from construction on: make it, then scan, so that nothing falls between.
class Watcher {
public:
    virtual ~Watcher() = default;
    /// Completes when something happened since the last call, at once if it already has. One caller at a time.
    /// @throws system_error{operation_aborted} if cancelled
    virtual asio::awaitable<Changes> wait() = 0;
    /// From now on it also tells what happens inside these folders (paths below the watched one), and no others. What cannot be watched is left to the rescan.
    /// @return whether one of them was not watched before: scan once more, something may have happened meanwhile
    virtual bool look_inside(std::span<const std::string> folders) = 0;
    /// Some folder inside could not be watched, because the machine has no watches left: the rescan alone finds what happens there.
    [[nodiscard]] virtual bool exhausted() const { return false; }
    [[nodiscard]] virtual bool polls() const = 0;  ///< true: it knows nothing of renames and reports at every interval
};

enum class WatchMode { automatic, inotify, poll };

/// Must a folder on such a file system (`f_type` of statfs(2)) be polled, because other hosts' writes make no events? NFS, SMB, CIFS, FUSE, 9p.
[[nodiscard]] bool needs_polling(long file_system_type);

/// `automatic` polls also where inotify is used up (fs.inotify.max_user_instances); `inotify` makes that a problem.
/// @param interval of polling, and between looks for a folder that is gone
[[nodiscard]] Result<std::unique_ptr<Watcher>> make_watcher(asio::any_io_executor executor, Clock& clock, const std::filesystem::path& folder, WatchMode mode,
                                                            std::chrono::milliseconds interval = std::chrono::seconds{2});

[[nodiscard]] std::unique_ptr<Watcher> make_poll_watcher(Clock& clock, const std::filesystem::path& folder, std::chrono::milliseconds interval);
[[nodiscard]] Result<std::unique_ptr<Watcher>> make_inotify_watcher(asio::any_io_executor executor, Clock& clock, const std::filesystem::path& folder,
                                                                    std::chrono::milliseconds interval);

}  // namespace motionspool::spool
