#pragma once
#include <atomic>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <thread>
#include <vector>
#include "base/unique_fd.hpp"

namespace motionspool::whole {

/// Looks at every video the moment its name appears anywhere under a folder, as an artist's player or a sync tool would, and reads it at once: its bytes must
/// be those of a known file.
class Watcher {
public:
    Watcher(std::filesystem::path folder, std::set<std::string> known_sha256);
    ~Watcher() { stop(); }
    /// Looks at what has appeared until now, and ends.
    void stop();
    /// Videos looked at. @pre stopped
    [[nodiscard]] std::size_t seen() const { return seen_.size(); }
    /// One line for each that was not whole, or changed its name's meaning. @pre stopped
    [[nodiscard]] const std::vector<std::string>& faults() const { return faults_; }

private:
    void run();
    void read_events();
    void add(const std::filesystem::path& folder);
    void look_at(const std::filesystem::path& file);

    std::set<std::string> known_;
    UniqueFd inotify_;
    std::map<int, std::filesystem::path> folders_;
    std::set<std::string> seen_;
    std::vector<std::string> faults_;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace motionspool::whole
