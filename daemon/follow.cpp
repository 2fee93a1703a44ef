#include "follow.hpp"
#include <sys/stat.h>
#include <unistd.h>
#include <boost/json/serialize.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>
#include "app/json_text.hpp"
#include "exit.hpp"
#include "reading.hpp"
#include "system/lock.hpp"

namespace motionspool {
using namespace std::chrono_literals;
using domain::JobState;

namespace {

/// The batch a drop became: its entry is called as the drop, or that with a number behind.
std::optional<store::BatchRow> batch_of(store::Store& store, const std::string& drop, Instant since) {
    for (const auto& batch : store.batches.all()) {
        if (batch.created + 1s >= since && (batch.entry == drop || batch.entry.starts_with(drop + "."))) return batch;
    }
    return std::nullopt;
}

std::size_t count(const std::map<JobState, std::size_t>& counts, std::initializer_list<JobState> states) {
    std::size_t n = 0;
    for (const auto state : states) {
        if (const auto it = counts.find(state); it != counts.end()) n += it->second;
    }
    return n;
}

std::string progress(const std::map<JobState, std::size_t>& counts, const std::optional<store::LaneNote>& lane) {
    std::string text;
    for (const auto& [state, n] : counts) text += (text.empty() ? "" : ", ") + std::to_string(n) + " " + std::string{to_string(state)};
    return lane ? text + " (submissions wait: " + lane->text + ")" : text;
}

class Line {
public:
    void show(const std::string& text) {
        if (text == last_) return;
        if (terminal_)
            std::cout << "\r\x1b[K" << text << std::flush;
        else
            std::cout << text << std::endl;
        last_ = text;
    }
    ~Line() {
        if (terminal_ && !last_.empty()) std::cout << std::endl;
    }

private:
    bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
    std::string last_;
};

int finish(const std::map<JobState, std::size_t>& counts, const store::BatchRow& batch, bool as_json_text) {
    const auto bad = count(counts, {JobState::failed, JobState::cancelled, JobState::uncertain});
    if (as_json_text) {
        boost::json::object states;
        for (const auto& [state, n] : counts) states[to_string(state)] = n;
        std::cout << boost::json::serialize(boost::json::object{{"batch", batch.name}, {"jobs", std::move(states)}}) << "\n";
    }
    return bad == 0 ? EX_OK : 1;
}

/// Prints the report of a drop that was rejected since then: its entry is called as the drop, or that with a number behind; older reports are of other drops.
bool rejected(const config::Config& config, const std::string& drop, Instant since) {
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator{std::filesystem::path{config.spool.directory} / "rejected", error}) {
        const auto name = file.path().filename().string();
        struct stat facts {};
        if (!name.starts_with(drop + ".") || !name.ends_with(".report.txt") || ::stat(file.path().c_str(), &facts) != 0) continue;
        const Instant written{std::chrono::seconds{facts.st_mtim.tv_sec} + std::chrono::milliseconds{facts.st_mtim.tv_nsec / 1'000'000}};
        if (written + 50ms < since) continue;
        std::cerr << std::ifstream{file.path()}.rdbuf();
        return true;
    }
    return false;
}

}  // namespace

int follow(const config::Config& config, const std::string& drop, Instant since, bool as_json_text) {
    Reading reading{config};
    Line line;
    for (;;) {
        const auto batch = batch_of(reading.store(), drop, since);
        if (!batch) {
            if (rejected(config, drop, since)) return EX_DATAERR;
            if (!as_json_text)
                line.show(system::lock_holder(config.state.directory) ? "waiting for the daemon to take it" : "waiting for the daemon, which does not run");
        } else {
            const auto counts = reading.store().views.counts(batch->id);
            if (!as_json_text) line.show(batch->name + ": " + progress(counts, reading.store().why_waiting()));
            const bool filed = batch->state == "filed";
            const bool stuck = count(counts, {JobState::queued, JobState::uploading, JobState::submitting, JobState::running, JobState::downloading}) == 0 &&
                               count(counts, {JobState::uncertain}) > 0;
            if (filed || stuck) return finish(counts, *batch, as_json_text);
        }
        std::this_thread::sleep_for(250ms);
    }
}

}  // namespace motionspool
