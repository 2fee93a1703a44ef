#include "whole/journal.hpp"
#include <algorithm>
#include <boost/json/parse.hpp>
#include <fstream>

namespace motionspool::whole {
namespace {

std::string text_of(const json::object& line, std::string_view key) {
    const auto* value = line.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

std::int64_t number_of(const json::object& line, std::string_view key) {
    const auto* value = line.if_contains(key);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

}  // namespace

std::vector<json::object> Journal::lines() const {
    std::vector<json::object> lines;
    std::ifstream file{path_, std::ios::binary};
    for (std::string line; std::getline(file, line) && !file.eof();) lines.push_back(json::parse(line).as_object());
    return lines;
}

std::vector<json::object> Journal::of_kind(std::string_view kind) const {
    auto all = lines();
    std::erase_if(all, [&](const json::object& line) { return text_of(line, "kind") != kind; });
    return all;
}

std::vector<Creation> Journal::creations() const {
    std::vector<Creation> creations;
    for (const auto& line : of_kind("createTask")) {
        Creation one;
        one.at = number_of(line, "mono_ms");
        one.code = number_of(line, "code");
        one.accepted = line.at("accepted").as_bool();
        one.prompt = text_of(line, "prompt");
        one.image = text_of(line, "image");
        one.motion = text_of(line, "motion");
        one.task = text_of(line, "task");
        one.mode = text_of(line, "mode");
        creations.push_back(std::move(one));
    }
    return creations;
}

std::multimap<std::string, Creation> Journal::tasks() const {
    std::multimap<std::string, Creation> tasks;
    for (auto& one : creations()) {
        if (one.accepted) tasks.emplace(one.prompt, one);
    }
    return tasks;
}

std::map<std::string, std::string> Journal::served() const {
    std::map<std::string, std::string> served;
    for (const auto& line : of_kind("result")) {
        const auto sha256 = text_of(line, "sha256");
        if (!sha256.empty()) served.insert_or_assign(text_of(line, "task"), sha256);
    }
    return served;
}

std::size_t Journal::most_in_window(std::chrono::milliseconds length) const {
    std::vector<std::int64_t> times;
    for (const auto& one : creations()) times.push_back(one.at);
    std::ranges::sort(times);
    std::size_t most = 0, first = 0;
    for (std::size_t last = 0; last < times.size(); last++) {
        while (times[first] <= times[last] - length.count()) first++;
        most = std::max(most, last - first + 1);
    }
    return most;
}

}  // namespace motionspool::whole
