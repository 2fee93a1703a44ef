#include "app/folder_sync.hpp"
#include <doctest/doctest.h>
#include <system_error>
#include "support/run.hpp"
#include "support/temp_folder.hpp"

namespace motionspool::app {
namespace {
using motionspool::test::run;
using motionspool::test::TempFolder;

asio::awaitable<void> both(FolderSync& folders, std::filesystem::path first, std::filesystem::path second, int& done) {
    co_await folders.durable(first);
    done++;
    co_await folders.durable(second);
    done++;
}
}  // namespace

TEST_CASE("folders are made durable one after the other, and an error names the folder") {
    TempFolder folder;
    asio::io_context io;
    FolderSync folders{io.get_executor()};
    int done = 0;
    run(io, both(folders, folder.path(), folder.path(), done));
    CHECK(done == 2);
    done = 0;
    CHECK_THROWS_WITH_AS(run(io, both(folders, folder.path(), folder / "gone", done)), doctest::Contains("gone"), std::system_error);
    CHECK(done == 1);
}

}  // namespace motionspool::app
