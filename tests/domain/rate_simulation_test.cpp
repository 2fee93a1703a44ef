#include <doctest/doctest.h>
#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>
#include <vector>
#include "domain/rate.hpp"

// A daemon with an endless backlog against a server that counts arrivals in a true sliding window. Times are milliseconds of the server's clock.
namespace motionspool::domain {
namespace {
using std::chrono::milliseconds;

/// $MOTIONSPOOL_SEEDS: so many days of 24 hours; without it, what every run of the tests has time for.
int long_run() {
    const char* text = std::getenv("MOTIONSPOOL_SEEDS");
    return text == nullptr ? 0 : std::atoi(text);
}
const int seeds = long_run() > 0 ? long_run() : 200;
const std::int64_t span = long_run() > 0 ? 24 * 3'600'000 : 12 * 60'000;
constexpr Rate rate{20, milliseconds{10'000}};

/// A row of the table `attempts`, as far as it matters here.
struct Row {
    std::int64_t armed = 0, arrival = 0;
    std::optional<std::int64_t> answer, seen;  ///< seen: the answer was recorded
    int boot = 0;
    bool not_sent = false;
};

struct Weather {
    bool storm = true;  ///< late arrivals, lost answers, restarts
    std::mt19937_64 random;
    std::int64_t between(std::int64_t least, std::int64_t most) { return std::uniform_int_distribution<std::int64_t>{least, most}(random); }
    bool one_in(int n) { return storm && between(1, n) == 1; }
};

class Daemon {
public:
    explicit Daemon(Weather& weather) : weather_{weather} {}

    void run() {
        std::int64_t crash = next_crash();
        for (;;) {
            log_.forget_before(boot(now_));
            const auto place = log_.next(boot(now_), entering_.size(), rate.count);
            const auto lets_in = place ? started_ + place->time_since_epoch().count() : span;
            const auto arms = entering_.empty() ? span : entering_.front();
            const auto hears = answers_.empty() ? span : answers_.begin()->first;
            now_ = std::max(now_, std::min({lets_in, arms, hears, crash}));
            if (now_ >= span) return;
            if (now_ == crash) {
                restart();
                crash = next_crash();
            } else if (now_ == hears)
                hear();
            else if (now_ == arms)
                arm();
            else if (now_ == lets_in)
                let_in();
        }
    }

    /// When each request reached the server, in order.
    [[nodiscard]] std::vector<std::int64_t> arrivals() const {
        std::vector<std::int64_t> all;
        for (const auto& row : rows_) {
            if (!row.not_sent) all.push_back(row.arrival);
        }
        std::ranges::sort(all);
        return all;
    }

private:
    [[nodiscard]] BootTime boot(std::int64_t at) const { return BootTime{milliseconds{at - started_}}; }
    std::int64_t next_crash() { return weather_.storm ? now_ + weather_.between(100, 120'000) : span; }

    void let_in() {
        entering_.insert(std::ranges::upper_bound(entering_, now_), now_ + (weather_.storm ? weather_.between(0, 300) : 0));
        std::ranges::sort(entering_);
    }

    void arm() {
        entering_.pop_front();
        Row row{.armed = now_, .arrival = now_, .answer = {}, .seen = {}, .boot = boot_};
        if (weather_.one_in(50)) row.not_sent = true;
        row.arrival += weather_.one_in(20) ? weather_.between(0, 15'000) : weather_.between(20, 200);
        row.answer = row.arrival + (weather_.one_in(20) ? weather_.between(0, 100'000) : weather_.between(200, 600));
        if (row.not_sent)
            row.answer = now_;
        else if (weather_.one_in(30))
            row.answer.reset();
        if (row.answer) answers_.emplace(*row.answer, rows_.size());
        log_.armed(AttemptId{static_cast<std::int64_t>(rows_.size())}, boot(now_));
        rows_.push_back(row);
    }

    void hear() {
        const auto at = answers_.begin()->second;
        answers_.erase(answers_.begin());
        const AttemptId id{static_cast<std::int64_t>(at)};
        if (rows_[at].not_sent) return log_.withdrawn(id);
        rows_[at].seen = now_;
        log_.answered(id, boot(now_));
    }

    void restart() {
        answers_.clear();
        entering_.clear();
        if (weather_.one_in(3)) {  // of the machine: the clock of its boot starts anew
            started_ = now_ + weather_.between(0, 3'000);
            now_ = started_;
            boot_++;
        }
        now_ += weather_.between(0, 3'000);
        std::vector<PastSubmission> past;  // the newest, but for those known as not sent
        for (auto row = rows_.rbegin(); row != rows_.rend() && past.size() < static_cast<std::size_t>(to_remember(rate)); ++row) {
            if (row->not_sent && row->answer <= now_) continue;
            std::optional<BootTime> answered;
            if (row->seen) answered = boot(*row->seen);
            past.push_back({AttemptId{rows_.rend() - row - 1}, row->boot == boot_, boot(row->armed), answered});
        }
        log_ = take_up(rate, past);
    }

    Weather& weather_;
    RateLog log_{rate};
    std::vector<Row> rows_;
    std::deque<std::int64_t> entering_;                 ///< when each will be armed
    std::multimap<std::int64_t, std::size_t> answers_;  ///< on their way to this process
    std::int64_t now_ = 0, started_ = 0;
    int boot_ = 0;
};

/// The most arrivals that any window of the server holds.
std::size_t peak(const std::vector<std::int64_t>& arrivals) {
    std::size_t most = 0, first = 0;
    for (std::size_t last = 0; last < arrivals.size(); last++) {
        while (arrivals[last] - arrivals[first] >= rate.window.count()) first++;
        most = std::max(most, last - first + 1);
    }
    return most;
}

TEST_CASE("no window of the server ever holds more than the limit, whatever network and restarts do") {
    std::size_t most = 0;
    for (int seed = 1; seed <= seeds; seed++) {
        Weather weather{.random = std::mt19937_64{static_cast<std::uint64_t>(seed)}};
        Daemon daemon{weather};
        daemon.run();
        const auto highest = peak(daemon.arrivals());
        if (highest > static_cast<std::size_t>(rate.count)) FAIL_CHECK("seed " << seed << ": " << highest << " in one window");
        most = std::max(most, highest);
    }
    CHECK(most == static_cast<std::size_t>(rate.count));  // a test that never gets there proves nothing
    MESSAGE(seeds << " seeds of " << span / 60'000 << " minutes: at most " << most << " of " << rate.count);
}

TEST_CASE("under backlog at least 95 % of what the window allows is used") {
    Weather weather{.storm = false, .random = std::mt19937_64{1}};
    Daemon daemon{weather};
    daemon.run();
    const double median_answer = 110 + 400, cycle = 10'100 + median_answer;
    const double possible = static_cast<double>(span) / cycle * rate.count;
    const double used = static_cast<double>(daemon.arrivals().size()) / possible;
    CHECK(used >= 0.95);
    CHECK(used <= 1.05);
    CHECK(peak(daemon.arrivals()) <= static_cast<std::size_t>(rate.count));
}

}  // namespace
}  // namespace motionspool::domain
