#include <sys/inotify.h>
#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstring>
#include <set>
#include "spool/files.hpp"
#include "spool/names.hpp"
#include "spool/watcher.hpp"

namespace motionspool::spool {
namespace {

constexpr std::uint32_t interesting = IN_CREATE | IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;
constexpr std::uint32_t interesting_inside = IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ONLYDIR | IN_DONT_FOLLOW;
constexpr std::uint32_t folder_lost = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;

class InotifyWatcher final : public Watcher {
public:
    InotifyWatcher(asio::any_io_executor executor, Clock& clock, std::filesystem::path folder, std::chrono::milliseconds interval, UniqueFd events)
        : clock_{clock}, folder_{std::move(folder)}, interval_{interval}, events_{std::move(executor), events.release()} {}

    /// @return 0 or an errno
    [[nodiscard]] int watch() {
        watch_ = ::inotify_add_watch(events_.native_handle(), folder_.c_str(), interesting);
        return watch_ >= 0 ? 0 : errno;
    }

    asio::awaitable<Changes> wait() override {
        for (;;) {
            if (watch_ < 0) {
                co_await clock_.sleep_for(interval_);
                if (watch() == 0) co_return Changes{.back = true};
                continue;
            }
            Changes changes;
            if (collect(changes)) co_return changes;
            co_await events_.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
        }
    }
    bool look_inside(std::span<const std::string> folders) override {
        std::set<int> now;
        for (const auto& folder : folders) {
            const int watch = ::inotify_add_watch(events_.native_handle(), (folder_ / folder).c_str(), interesting_inside);
            if (watch >= 0 && watch != watch_) now.insert(watch);
            exhausted_ = exhausted_ || (watch < 0 && errno == ENOSPC);
        }
        for (const int old : inside_) {
            if (!now.contains(old)) ::inotify_rm_watch(events_.native_handle(), old);
        }
        const bool more = !std::ranges::includes(inside_, now);
        inside_ = std::move(now);
        return more;
    }
    [[nodiscard]] bool exhausted() const override { return exhausted_; }
    [[nodiscard]] bool polls() const override { return false; }

private:
    /// Reads all that is queued. @return whether anything of it matters
    [[nodiscard]] bool collect(Changes& changes) {
        alignas(inotify_event) char buffer[16 * 1024];
        bool any = false;
        for (;;) {
            const auto got = ::read(events_.native_handle(), buffer, sizeof buffer);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return any;
            for (const char* at = buffer; at < buffer + got;) {
                inotify_event event{};
                std::memcpy(&event, at, sizeof event);
                const char* const name = event.len > 0 ? at + sizeof event : "";
                any = note(event, name, changes) || any;
                at += sizeof event + event.len;
            }
        }
    }

    [[nodiscard]] bool note(const inotify_event& event, const char* name, Changes& changes) {
        if ((event.mask & IN_Q_OVERFLOW) != 0) return changes.overflowed = true;
        if (inside_.contains(event.wd)) {
            if ((event.mask & IN_IGNORED) != 0) inside_.erase(event.wd);  // the folder is gone, and told by the one it lay in
            return event.len > 0 && !ignored(name);
        }
        if (event.wd != watch_) return false;  // of a watch that was given up
        if ((event.mask & folder_lost) != 0) {
            ::inotify_rm_watch(events_.native_handle(), watch_);
            watch_ = -1;
            return changes.gone = true;
        }
        if (ignored(name) || (is_note_on_entry(name) && (event.mask & IN_ISDIR) == 0)) return false;
        if ((event.mask & IN_MOVED_TO) != 0) changes.renamed_in.emplace_back(name);
        return true;
    }

    Clock& clock_;
    std::filesystem::path folder_;
    std::chrono::milliseconds interval_;
    asio::posix::stream_descriptor events_;
    int watch_ = -1;
    bool exhausted_ = false;
    std::set<int> inside_;  ///< of folders in it
};

}  // namespace

Result<std::unique_ptr<Watcher>> make_inotify_watcher(asio::any_io_executor executor, Clock& clock, const std::filesystem::path& folder,
                                                      std::chrono::milliseconds interval) {
    UniqueFd events{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)};
    if (!events)
        return Problem{problem_of("cannot watch " + folder.string() + " by inotify", errno).text +
                       "; raise fs.inotify.max_user_instances, or set spool.watch: poll"};
    auto watcher = std::make_unique<InotifyWatcher>(std::move(executor), clock, folder, interval, std::move(events));
    if (const int error = watcher->watch(); error != 0)
        return Problem{problem_of("cannot watch " + folder.string() + " by inotify", error).text +
                       "; raise fs.inotify.max_user_watches, or set spool.watch: poll"};
    return std::unique_ptr<Watcher>{std::move(watcher)};
}

}  // namespace motionspool::spool
