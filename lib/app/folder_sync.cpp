#include "app/folder_sync.hpp"
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <system_error>
#include <utility>
#include "system/atomic_file.hpp"

namespace motionspool::app {

FolderSync::FolderSync(asio::any_io_executor executor) : executor_{std::move(executor)} {}

asio::awaitable<void> FolderSync::durable(std::filesystem::path folder) {
    if (waiters_.empty()) {
        auto later = [this, alive = std::weak_ptr{alive_}] {
            if (!alive.expired()) sync_all();
        };
        asio::post(executor_, std::move(later));  // after the handlers that are ready now
    }
    auto initiate = [this, &folder](auto handler) { waiters_[std::move(folder)].emplace_back(std::move(handler)); };
    co_await asio::async_initiate<const asio::use_awaitable_t<>, void(std::exception_ptr)>(initiate, asio::use_awaitable);
}

void FolderSync::sync_all() {
    for (auto& [folder, waiters] : std::exchange(waiters_, {})) {
        const auto synced = system::sync_folder(folder);
        std::exception_ptr error;
        if (!synced) error = std::make_exception_ptr(std::system_error(std::make_error_code(std::errc::io_error), synced.problem().text));
        for (auto& waiter : waiters) {
            auto tell = [waiter = std::move(waiter), error]() mutable { std::move(waiter)(error); };
            asio::post(executor_, std::move(tell));
        }
    }
}

}  // namespace motionspool::app
