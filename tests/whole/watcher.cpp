#include "whole/watcher.hpp"
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include "whole/rig.hpp"

namespace motionspool::whole {
namespace fs = std::filesystem;

Watcher::Watcher(fs::path folder, std::set<std::string> known_sha256) : known_{std::move(known_sha256)}, inotify_{::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)} {
    if (!inotify_) throw std::system_error(errno, std::generic_category(), "inotify");
    add(folder);
    thread_ = std::thread{[this] { run(); }};
}

void Watcher::stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
}

void Watcher::run() {
    while (!stopping_) {
        pollfd one{inotify_.get(), POLLIN, 0};
        ::poll(&one, 1, 20);
        read_events();
    }
    read_events();
}

void Watcher::read_events() {
    alignas(inotify_event) std::array<char, 65536> buffer;
    for (;;) {
        const auto length = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (length <= 0) return;
        for (ssize_t at = 0; at < length;) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const auto path = folders_[event.wd] / (buffer.data() + at + sizeof event);
            at += static_cast<ssize_t>(sizeof event + event.len);
            if ((event.mask & IN_Q_OVERFLOW) != 0)
                faults_.push_back("names appeared faster than they could be looked at");
            else if ((event.mask & IN_ISDIR) != 0)
                add(path);
            else
                look_at(path);
        }
    }
}

void Watcher::add(const fs::path& folder) {
    const int watch = ::inotify_add_watch(inotify_.get(), folder.c_str(), IN_CREATE | IN_MOVED_TO);
    if (watch < 0) return;
    folders_[watch] = folder;
    for (const auto& entry : fs::directory_iterator{folder}) {  // what was there before the watch was
        if (entry.is_directory())
            add(entry.path());
        else
            look_at(entry.path());
    }
}

void Watcher::look_at(const fs::path& file) {
    if (file.extension() != ".mp4") return;
    seen_.insert(file.string());
    std::error_code error;
    if (!fs::exists(file, error))
        faults_.push_back(file.string() + " was gone again");
    else if (!known_.contains(sha256_of(file)))
        faults_.push_back(file.string() + " was not whole: " + std::to_string(fs::file_size(file, error)) + " bytes");
}

}  // namespace motionspool::whole
