#include "follow.hpp"
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include "batch_end.hpp"
#include "exit.hpp"
#include "reading.hpp"
#include "system/lock.hpp"

namespace motionspool {
using namespace std::chrono_literals;

namespace {

/// Is it "fox.yaml", or with numbers as "fox.2.yaml"? A number is added wherever the name is taken, in accepted/ and again in finished/.
bool is_called(std::string_view name, const spool::NameParts& parts) {
    if (!name.starts_with(parts.stem) || !name.ends_with(parts.extension) || name.size() < parts.stem.size() + parts.extension.size()) return false;
    const auto numbers = name.substr(parts.stem.size(), name.size() - parts.stem.size() - parts.extension.size());
    const bool of_digits = std::ranges::all_of(numbers, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
    return numbers.empty() || (of_digits && numbers.front() == '.' && numbers.back() != '.');
}

/// The batch a drop became, or was appended to: its entry is called as the drop, or that with a number behind.
std::optional<store::BatchRow> batch_of(store::Store& store, const spool::NameParts& drop, Instant since) {
    const auto is_it = [&](const store::BatchRow& row) { return row.created + 1s >= since && is_called(row.entry, drop); };
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

/// The report of a drop that was rejected since then: its entry is called as the drop, or that with a number behind; older reports are of other drops.
std::optional<std::filesystem::path> rejected(const config::Config& config, const spool::NameParts& drop, Instant since) {
    std::error_code error;
    for (const auto& file : std::filesystem::directory_iterator{std::filesystem::path{config.spool.directory} / "rejected", error}) {
        const auto name = file.path().filename().string();
        struct stat facts {};
        if (!is_called(name, {drop.stem, ".report.txt"}) || ::stat(file.path().c_str(), &facts) != 0) continue;
        const Instant written{std::chrono::seconds{facts.st_mtim.tv_sec} + std::chrono::milliseconds{facts.st_mtim.tv_nsec / 1'000'000}};
        if (written + 50ms >= since) return file.path();
    }
    return std::nullopt;
}

/// While it lives SIGINT and SIGTERM end nothing by themselves; pause() tells of them. What the caller had ignored stays so.
class Interruptions {
public:
    Interruptions() {
        ::sigemptyset(&awaited_);
        for (const int signal : {SIGINT, SIGTERM}) {
            struct sigaction now {};
            if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler != SIG_IGN) ::sigaddset(&awaited_, signal);
        }
        ::pthread_sigmask(SIG_BLOCK, &awaited_, &before_);
    }
    Interruptions(const Interruptions&) = delete;
    Interruptions& operator=(const Interruptions&) = delete;
    ~Interruptions() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    /// @return the signal that came meanwhile; 0: none
    [[nodiscard]] int pause(std::chrono::nanoseconds time) const {
        const struct timespec limit { 0, time.count() };
        return std::max(::sigtimedwait(&awaited_, nullptr, &limit), 0);
    }

private:
    sigset_t awaited_{}, before_{};
};

/// Nobody watches any more, and everything goes on.
void take_leave(const spool::NameParts& drop, const std::optional<store::BatchRow>& batch) {
    if (batch)
        std::cerr << "motionspool: no longer watching; the batch " << batch->name << " goes on and is paid for. `motionspool jobs --batch " << batch->name
                  << "` shows how it stands, `motionspool cancel " << batch->name << "` stops what is not yet paid\n";
    else
        std::cerr << "motionspool: no longer watching; incoming/" << drop.stem << drop.extension
                  << " is taken all the same. `motionspool batches` shows it then, `motionspool cancel` stops what is not yet paid\n";
}

}  // namespace

int follow(const config::Config& config, const spool::NameParts& drop, Instant since, bool as_json_text) {
    Reading reading{config};
    Line line;
    const Interruptions interruptions;
    for (;;) {
        const auto batch = batch_of(reading.store(), drop, since);
        if (!batch) {
            if (const auto report = rejected(config, drop, since)) {
                line.end();
                std::cerr << std::ifstream{*report}.rdbuf();
                return EX_DATAERR;
            }
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
        if (const int signal = interruptions.pause(250ms); signal != 0) {
            line.end();
            take_leave(drop, batch ? batch : batch_of(reading.store(), drop, since));
            return 128 + signal;  // as a shell tells of one that was ended by it
        }
    }
}

}  // namespace motionspool
