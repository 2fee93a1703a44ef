#include "follow.hpp"
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <thread>
#include "batch_end.hpp"
#include "exit.hpp"
#include "reading.hpp"
#include "system/lock.hpp"

namespace motionspool {
using namespace std::chrono_literals;

namespace {

/// The batch a drop became, or was appended to: its entry is called as the drop, or that with a number behind.
std::optional<store::BatchRow> batch_of(store::Store& store, const std::string& drop, Instant since) {
    const auto is_it = [&](const store::BatchRow& row) { return row.created + 1s >= since && (row.entry == drop || row.entry.starts_with(drop + ".")); };
    for (const auto& batch : store.batches.all()) {
        if (is_it(batch)) return batch;
        for (const auto& appended : store.batches.appended_to(batch.id)) {
            if (is_it(appended)) return batch;
        }
    }
    return std::nullopt;
}

std::string progress(const std::map<domain::JobState, std::size_t>& counts, const std::optional<store::LaneNote>& lane) {
    const auto text = domain::in_words(counts);
    return lane ? text + " (submissions wait: " + lane->text + ")" : text;
}

class Line {
public:
    void show(const std::string& text) {
        if (text == last_) return;
        if (terminal_)
            std::cout << "\r\x1b[K" << cut(text) << std::flush;
        else
            std::cout << text << std::endl;
        last_ = text;
    }
    /// What follows begins on a line of its own.
    void end() {
        if (terminal_ && !last_.empty()) std::cout << std::endl;
        last_.clear();
    }
    ~Line() { end(); }

private:
    /// What fits on one row: a longer text would leave rows behind when it is redrawn.
    static std::string cut(const std::string& text) {
        struct winsize size {};
        if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col < 10 || text.size() < size.ws_col) return text;
        auto end = static_cast<std::size_t>(size.ws_col) - 2;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0u) == 0x80u) end--;
        return text.substr(0, end) + "…";
    }
    bool terminal_ = ::isatty(STDOUT_FILENO) == 1;
    std::string last_;
};

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
            if (const auto end = end_of(reading, config, *batch, counts)) {
                line.end();
                std::cout << (as_json_text ? to_json(config, *end) : to_text(config, *end));
                return end->troubles.empty() ? EX_OK : 1;
            }
        }
        std::this_thread::sleep_for(250ms);
    }
}

}  // namespace motionspool
