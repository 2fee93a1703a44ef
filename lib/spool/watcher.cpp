#include "spool/watcher.hpp"
#include <linux/magic.h>
#include <sys/vfs.h>
#include <algorithm>
#include <array>

namespace motionspool::spool {

bool needs_polling(long file_system_type) {
    // From statfs(2) and linux/magic.h. Where it is a 32-bit number above 0x7fffffff, f_type may come sign-extended.
    static constexpr std::array<std::uint32_t, 9> types{NFS_SUPER_MAGIC,        SMB_SUPER_MAGIC,       0xff534d42U /* CIFS */,
                                                        0xfe534d42U /* SMB2 */, FUSE_SUPER_MAGIC,      V9FS_MAGIC,
                                                        0x00c36400U /* Ceph */, 0x5346414fU /* AFS */, 0x786f4256U /* VirtualBox */};
    return std::find(types.begin(), types.end(), static_cast<std::uint32_t>(file_system_type)) != types.end();
}

Result<std::unique_ptr<Watcher>> make_watcher(asio::any_io_executor executor, Clock& clock, const std::filesystem::path& folder, WatchMode mode,
                                              std::chrono::milliseconds interval) {
    struct statfs facts {};
    const bool remote = ::statfs(folder.c_str(), &facts) == 0 && needs_polling(facts.f_type);
    if (mode == WatchMode::poll || (mode == WatchMode::automatic && remote)) return make_poll_watcher(clock, folder, interval);
    auto watcher = make_inotify_watcher(std::move(executor), clock, folder, interval);
    if (!watcher && mode == WatchMode::automatic) return make_poll_watcher(clock, folder, interval);
    return watcher;
}

}  // namespace motionspool::spool
