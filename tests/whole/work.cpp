#include "whole/work.hpp"
#include <doctest/doctest.h>
#include <set>

namespace motionspool::whole {
namespace fs = std::filesystem;
namespace {

std::map<std::string, json::object> by_name(const json::array& rows) {
    std::map<std::string, json::object> named;
    for (const auto& row : rows) named.emplace(text_at(row.as_object(), "job"), row.as_object());
    return named;
}

/// What is wrong with a job that says it is done; empty if nothing is.
std::string fault_of(const Order& order, const json::object& row, const std::multimap<std::string, Creation>& tasks,
                     const std::map<std::string, std::string>& served) {
    const auto task = tasks.find(order.prompt);
    if (task == tasks.end()) return "there is no task with its prompt";
    const auto& creation = task->second;
    if (creation.task != text_at(row, "task")) return "its task is another one";
    if (creation.image.find(sha256_of(media(order.image))) == std::string::npos) return "its task has another image";
    if (creation.motion.find(sha256_of(media(order.motion))) == std::string::npos) return "its task has another motion";
    const auto result = served.find(creation.task);
    if (result == served.end()) return "its result was never served";
    const fs::path output = text_at(row, "output");
    std::error_code error;
    if (!fs::is_regular_file(output, error)) return "its file " + output.string() + " is not there";
    if (sha256_of(output) != result->second) return "its file is not what was served";
    return {};
}

}  // namespace

std::vector<Order> orders(const std::string& batch, std::size_t count) {
    std::vector<Order> list;
    for (std::size_t i = 0; i < count; i++) {
        const auto number = std::to_string(i + 1);
        list.push_back({"job-" + std::string(4 - std::min<std::size_t>(number.size(), 4), '0') + number, i % 2 == 0 ? "fox.png" : "bear.jpg",
                        i / 2 % 2 == 0 ? "wave.mp4" : "jump.mp4", batch + " number " + number});
    }
    return list;
}

Order order(const std::string& id, const std::string& prompt) { return {id, "fox.png", "wave.mp4", prompt}; }

std::string manifest_of(const std::string& batch, const std::vector<Order>& list) {
    std::string text = "version: 1\nbatch: " + batch + "\njobs:\n";
    for (const auto& one : list) text += "  - {id: " + one.id + ", image: " + one.image + ", motion: " + one.motion + ", prompt: \"" + one.prompt + "\"}\n";
    return text;
}

Tally compare_histories(const Rig& rig, const std::vector<Order>& list) {
    Tally tally;
    const auto rows = by_name(rig.jobs());
    const auto tasks = rig.journal().tasks();
    const auto served = rig.journal().served();
    tally.tasks = tasks.size();
    std::set<std::string> outputs;
    for (const auto& one : list) {
        INFO("job ", one.id);
        tally.most_for_one = std::max(tally.most_for_one, tasks.count(one.prompt));
        const auto row = rows.find(one.id);
        REQUIRE(row != rows.end());
        const auto state = text_at(row->second, "state");
        if (state == "done") {
            tally.done++;
            outputs.insert(text_at(row->second, "output"));
            CHECK(fault_of(one, row->second, tasks, served) == "");
        } else if (state == "uncertain") {
            tally.uncertain++;
        } else {
            tally.other++;
        }
    }
    CHECK(rows.size() == list.size());
    CHECK(tally.most_for_one <= 1);
    for (const auto& entry : fs::recursive_directory_iterator{rig.output()}) {
        const auto extension = entry.path().extension();
        if (extension == ".part") tally.leftovers++;
        if (extension != ".mp4") continue;
        tally.files++;
        CHECK(outputs.contains(entry.path().string()));
    }
    CHECK(tally.files == tally.done);
    return tally;
}

}  // namespace motionspool::whole
