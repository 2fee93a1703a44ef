#include "http/server.hpp"
#include <sys/socket.h>
#include <sys/stat.h>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>
#include "async/task_group.hpp"
#include "base/same_file.hpp"
#include "http/bind.hpp"
#include "http/connection.hpp"
#include "http/doorway.hpp"

namespace motionspool::http {
namespace {

/// How long the loop rests when no descriptor is free.
constexpr std::chrono::milliseconds breath{100};

/// A unix socket's file, removed at the end if it is still the one that was made.
class SocketFile {
public:
    explicit SocketFile(std::string path) : path_{std::move(path)} {
        if (!path_.empty()) ::stat(path_.c_str(), &made_);
    }
    SocketFile(const SocketFile&) = delete;
    SocketFile& operator=(const SocketFile&) = delete;
    ~SocketFile() {
        struct stat now {};
        if (!path_.empty() && ::stat(path_.c_str(), &now) == 0 && same_file(now, made_)) ::unlink(path_.c_str());
    }

private:
    std::string path_;
    struct stat made_ {};
};

class RealServer final : public Server {
public:
    RealServer(asio::any_io_executor executor, Bound bound, ServerOptions options, Handler handler)
        : door_{std::move(executor), bound.fd.release()},
          doorway_{door_.native_handle()},
          file_{bound.unix_path},
          protocol_{bound.unix_path.empty() ? AF_INET : AF_UNIX, 0},
          name_{std::move(bound.name)},
          options_{std::move(options)},
          handler_{std::move(handler)} {}

    std::string listening_on() const override { return name_; }

    asio::awaitable<void> serve() override {
        co_await asio::this_coro::throw_if_cancelled(false);
        TaskGroup connections{door_.get_executor()};
        bool cancelled = false;
        while (!cancelled) {
            co_await door_.async_wait(asio::posix::stream_descriptor::wait_read, asio::as_tuple(asio::use_awaitable));
            auto state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() == asio::cancellation_type::none) co_await let_in(connections);
            state = co_await asio::this_coro::cancellation_state;
            cancelled = state.cancelled() != asio::cancellation_type::none;
        }
        connections.cancel();
        co_await connections.join();
    }

private:
    asio::awaitable<void> let_in(TaskGroup& connections) {
        const auto rush = doorway_.let_in([&](UniqueFd fd, std::string peer) {
            if (connections.size() < options_.connections) connections.spawn(attend(std::move(fd), std::move(peer)));
        });
        if (rush == Doorway::Rush::over) {
            exhausted_ = false;
            co_return;
        }
        if (!std::exchange(exhausted_, true)) report("no file descriptor is free: connections to " + name_ + " are refused; raise the limit (LimitNOFILE=)");
        asio::steady_timer pause{door_.get_executor(), breath};
        co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    }

    /// A connection's trouble is its own: nothing is thrown to the others.
    asio::awaitable<void> attend(UniqueFd fd, std::string peer) {
        try {
            Socket socket{door_.get_executor(), protocol_, fd.get()};
            static_cast<void>(fd.release());
            prepare(socket);
            Connection connection{std::move(socket), Peer{.address = peer}, options_, handler_};
            co_await connection.serve();
        } catch (const boost::system::system_error& error) {
            if (error.code() != asio::error::operation_aborted) report("the connection from " + peer + " ended: " + error.what());
        } catch (const std::exception& error) { report("the connection from " + peer + " ended: " + error.what()); }
    }

    void report(const std::string& text) const {
        if (options_.on_error) options_.on_error(text);
    }

    asio::posix::stream_descriptor door_;
    Doorway doorway_;
    SocketFile file_;
    asio::generic::stream_protocol protocol_;
    std::string name_;
    ServerOptions options_;
    Handler handler_;
    bool exhausted_ = false;
};

}  // namespace

Result<std::unique_ptr<Server>> listen(asio::any_io_executor executor, std::string_view listen, ServerOptions options, Handler handler) {
    auto bound = bind_and_listen(listen);
    if (!bound) return bound.problem();
    return std::unique_ptr<Server>{std::make_unique<RealServer>(std::move(executor), std::move(*bound), std::move(options), std::move(handler))};
}

}  // namespace motionspool::http
