#include "spool/watcher.hpp"

namespace motionspool::spool {
namespace {

class PollWatcher final : public Watcher {
public:
    PollWatcher(Clock& clock, std::filesystem::path folder, std::chrono::milliseconds interval)
        : clock_{clock}, folder_{std::move(folder)}, interval_{interval} {}

    asio::awaitable<Changes> wait() override {
        for (;;) {
            co_await clock_.sleep_for(interval_);
            std::error_code error;
            const bool there = std::filesystem::is_directory(folder_, error);
            const bool was_there = std::exchange(there_, there);
            if (there || was_there) co_return Changes{.gone = !there, .back = !was_there};
        }
    }
    bool look_inside(std::span<const std::string>) override { return false; }
    [[nodiscard]] bool polls() const override { return true; }

private:
    Clock& clock_;
    std::filesystem::path folder_;
    std::chrono::milliseconds interval_;
    bool there_ = true;
};

}  // namespace

std::unique_ptr<Watcher> make_poll_watcher(Clock& clock, const std::filesystem::path& folder, std::chrono::milliseconds interval) {
    return std::make_unique<PollWatcher>(clock, folder, interval);
}

}  // namespace motionspool::spool
