#pragma once
#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <vector>

namespace motionspool::app {
namespace asio = boost::asio;

/// Makes names in folders durable. As with commits, those who ask in one turn of the loop share one fsync of their folder.
class FolderSync {
public:
    explicit FolderSync(asio::any_io_executor);
    /// Completes once every name the folder has now is on disk. Takes one turn and cannot be cancelled. @throws std::system_error
    asio::awaitable<void> durable(std::filesystem::path folder);

private:
    using Waiter = asio::any_completion_handler<void(std::exception_ptr)>;
    void sync_all();
    asio::any_io_executor executor_;
    std::map<std::filesystem::path, std::vector<Waiter>> waiters_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace motionspool::app
