#pragma once
#include <algorithm>
#include <set>
#include <utility>
#include "async/wakeup.hpp"
#include "spool/watcher.hpp"

namespace motionspool::test {
namespace asio = boost::asio;

/// A watcher that sees what the test tells it.
class FakeWatcher final : public spool::Watcher {
public:
    explicit FakeWatcher(const asio::any_io_executor& executor) : wakeup_{executor} {}
    asio::awaitable<spool::Changes> wait() override {
        co_await wakeup_.wait();
        co_return std::exchange(seen_, {});
    }
    bool look_inside(std::span<const std::string> folders) override {
        std::set<std::string> now{folders.begin(), folders.end()};
        const bool more = !std::ranges::includes(inside_, now);
        inside_ = std::move(now);
        return more;
    }
    [[nodiscard]] bool polls() const override { return false; }

    /// Something was renamed into the folder under that name.
    void renamed_in(std::string name) {
        seen_.renamed_in.push_back(std::move(name));
        wakeup_.ring();
    }
    /// Something happened in a folder inside. @return whether anybody wants to know
    bool happened_inside(const std::string& folder) {
        if (!inside_.contains(folder)) return false;
        wakeup_.ring();
        return true;
    }
    /// Something else happened there.
    void ring() { wakeup_.ring(); }

private:
    Wakeup wakeup_;
    spool::Changes seen_;
    std::set<std::string> inside_;
};

}  // namespace motionspool::test
