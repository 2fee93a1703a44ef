#include "media/probe.hpp"
#include <fcntl.h>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <system_error>
#include <vector>
#include "async/slots.hpp"
#include "async/with_timeout.hpp"
#include "base/time.hpp"
#include "media/child.hpp"
#include "media/facts_line.hpp"

namespace motionspool::media {
namespace {

constexpr std::size_t longest_answer = 1024;
constexpr int starts_tried = 5;
constexpr std::chrono::milliseconds time_to_die{1000};

asio::posix::stream_descriptor watch(const asio::any_io_executor& executor, int fd) {
    return asio::posix::stream_descriptor{executor, ::fcntl(fd, F_DUPFD_CLOEXEC, 3)};
}

/// Could the same be possible in a moment? (processes, memory, descriptors)
bool passes(int error) { return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE; }

Result<domain::MediaFacts> judge(const std::string& answer, bool well) {
    const auto facts = parse_line(answer);
    if (!well || !facts) return Problem{"is not a readable media file; the program that looked at it broke off"};
    const bool media = facts->format != domain::Format::other && facts->format != domain::Format::webm;
    if (media && facts->complete && (facts->width == 0 || facts->height == 0))
        return Problem{"is not a readable media file; it begins as " + domain::to_string(facts->format) + " and holds no picture; export it once more"};
    return *facts;
}

class HelperProbe final : public Probe {
public:
    HelperProbe(asio::any_io_executor executor, std::filesystem::path program, std::chrono::milliseconds limit)
        : executor_{std::move(executor)}, program_{std::move(program)}, limit_{limit}, slots_{executor_, 2} {}

    asio::awaitable<Result<domain::MediaFacts>> probe(int fd) override {
        const auto slot = co_await slots_.enter();
        std::erase_if(unreaped_, [](Child& child) { return child.reap(); });
        auto started = co_await start(fd);
        if (const auto* const failed = std::get_if<Child::Failed>(&started)) co_return not_started(failed->error);
        auto& child = std::get<Child>(started);
        const Ending ending{*this, child};
        std::string answer;
        const bool in_time = co_await within(limit_, converse(child, answer));
        if (!in_time) {
            child.kill();
            co_await within(time_to_die, ended(child));
            co_return Problem{"is not a readable media file; looking at it took longer than " + to_words(limit_)};
        }
        const bool reaped = child.reap();
        co_return judge(answer, reaped && child.well());
    }

private:
    /// However the conversation ends, the process does too. One that does not die at once (a hung file server) is taken off the table later.
    struct Ending {
        HelperProbe& probe;
        Child& child;
        ~Ending() {
            child.kill();
            if (!child.reap()) probe.unreaped_.push_back(std::move(child));
        }
    };

    asio::awaitable<std::variant<Child, Child::Failed>> start(int fd) {
        asio::steady_timer pause{executor_};
        for (int n = 1;; ++n) {
            auto started = Child::start(program_, fd);
            const auto* const failed = std::get_if<Child::Failed>(&started);
            if (failed == nullptr || !passes(failed->error) || n == starts_tried) co_return started;
            pause.expires_after(std::chrono::milliseconds{100} * n);
            co_await pause.async_wait(asio::use_awaitable);
        }
    }

    /// Reads to the end of the answer, then waits for the end of the process. One that goes on and on is ended.
    asio::awaitable<void> converse(const Child& child, std::string& answer) {
        auto output = watch(executor_, child.output());
        std::array<char, longest_answer> chunk{};
        while (answer.size() <= longest_answer) {
            const auto [error, got] = co_await output.async_read_some(asio::buffer(chunk), asio::as_tuple(asio::use_awaitable));
            if (error) break;
            answer.append(chunk.data(), got);
        }
        if (answer.size() > longest_answer) child.kill();
        co_await ended(child);
    }

    asio::awaitable<void> ended(const Child& child) {
        auto end = watch(executor_, child.pidfd());
        co_await end.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable);
    }

    /// @return false if the limit passed first
    static asio::awaitable<bool> within(std::chrono::milliseconds limit, asio::awaitable<void> work) {
        try {
            co_await with_timeout(std::move(work), limit);
        } catch (const boost::system::system_error& error) {
            if (error.code() != asio::error::timed_out) throw;
            co_return false;
        }
        co_return true;
    }

    [[nodiscard]] Problem not_started(int error) const {
        return Problem{"could not be looked at: " + program_.string() + " did not start (" + std::generic_category().message(error) +
                       "); this is not the file's fault, tell whoever runs the server"};
    }

    asio::any_io_executor executor_;
    std::filesystem::path program_;
    std::chrono::milliseconds limit_;
    Slots slots_;
    std::vector<Child> unreaped_;
};

}  // namespace

std::unique_ptr<Probe> make_probe(asio::any_io_executor executor, std::filesystem::path program, std::chrono::milliseconds limit) {
    return std::make_unique<HelperProbe>(std::move(executor), std::move(program), limit);
}

}  // namespace motionspool::media
