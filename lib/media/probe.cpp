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
constexpr int without_libraries = 127;  ///< the exit code of ld.so(8) where a library is missing, as while a package is upgraded
constexpr std::chrono::milliseconds time_to_die{1000};

/// What a child says, and its end, as the loop watches them. Descriptors of our own, since Asio closes what it watches.
struct Watched {
    asio::posix::stream_descriptor output, end;
};

std::optional<Watched> watch(const asio::any_io_executor& executor, const Child& child) {
    UniqueFd output{::fcntl(child.output(), F_DUPFD_CLOEXEC, 3)}, end{::fcntl(child.pidfd(), F_DUPFD_CLOEXEC, 3)};
    if (!output || !end) return std::nullopt;
    return Watched{asio::posix::stream_descriptor{executor, output.release()}, asio::posix::stream_descriptor{executor, end.release()}};
}

/// Could the same be possible in a moment? (processes, memory, descriptors)
bool passes(int error) { return error == EAGAIN || error == ENOMEM || error == EMFILE || error == ENFILE; }

Tried<domain::MediaFacts> judge(const std::string& answer, bool well) {
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

    asio::awaitable<Tried<domain::MediaFacts>> probe(int fd) override {
        const auto slot = co_await slots_.enter();
        std::erase_if(unreaped_, [](Child& child) { return child.reap(); });
        auto started = co_await start(fd);
        if (const auto* const failed = std::get_if<Child::Failed>(&started)) co_return not_started(failed->error);
        auto& child = std::get<Child>(started);
        const Ending ending{*this, child};
        auto watched = watch(executor_, child);
        if (!watched) co_return not_started(errno);
        std::string answer;
        const bool in_time = co_await within(limit_, converse(child, *watched, answer));
        if (!in_time) {
            child.kill();
            co_await within(time_to_die, ended(*watched));
            co_return Problem{"is not a readable media file; looking at it took longer than " + to_words(limit_)};
        }
        const bool reaped = child.reap();
        if (reaped && child.code() == without_libraries) co_return not_started(ELIBACC);
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
    static asio::awaitable<void> converse(const Child& child, Watched& watched, std::string& answer) {
        std::array<char, longest_answer> chunk{};
        while (answer.size() <= longest_answer) {
            const auto [error, got] = co_await watched.output.async_read_some(asio::buffer(chunk), asio::as_tuple(asio::use_awaitable));
            if (error) break;
            answer.append(chunk.data(), got);
        }
        if (answer.size() > longest_answer) child.kill();
        co_await ended(watched);
    }

    static asio::awaitable<void> ended(Watched& watched) { co_await watched.end.async_wait(asio::posix::stream_descriptor::wait_read, asio::use_awaitable); }

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

    [[nodiscard]] ServerTrouble not_started(int error) const {
        return ServerTrouble{"could not be looked at: " + program_.string() + " did not start (" + std::generic_category().message(error) +
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
