#pragma once
#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace motionspool::whole {
namespace json = boost::json;

/// A createTask as the simulator saw it.
struct Creation {
    std::int64_t at = 0;  ///< arrival, milliseconds on the simulator's steady clock
    std::int64_t code = 0;
    bool accepted = false;
    std::string prompt, image, motion, task;  ///< image and motion: URLs, which hold the content's SHA-256
    std::string mode;
};

/// What the simulator wrote down before it answered: the history that does not depend on the daemon's word.
class Journal {
public:
    explicit Journal(std::filesystem::path path) : path_{std::move(path)} {}
    /// All whole lines; none if there is no file yet.
    [[nodiscard]] std::vector<json::object> lines() const;
    [[nodiscard]] std::vector<json::object> of_kind(std::string_view kind) const;
    [[nodiscard]] std::vector<Creation> creations() const;
    /// The createTasks that became tasks, by prompt; each prompt belongs to one job.
    [[nodiscard]] std::multimap<std::string, Creation> tasks() const;
    /// Of what was served as a task's result: its SHA-256, by task.
    [[nodiscard]] std::map<std::string, std::string> served() const;
    /// The most arrivals of createTask in any window (t - length, t].
    [[nodiscard]] std::size_t most_in_window(std::chrono::milliseconds length) const;

private:
    std::filesystem::path path_;
};

}  // namespace motionspool::whole
