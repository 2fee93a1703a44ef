#include "base/trouble.hpp"
#include <doctest/doctest.h>
#include <cerrno>
#include <string>

using namespace motionspool;

TEST_CASE("the server's trouble is told from a file's problem, and reads like one") {
    const Tried<int> well = 3, bad = Problem{"is no number"}, trouble = ServerTrouble{"cannot be read: Input/output error"};
    CHECK(*well == 3);
    CHECK_FALSE(well.trouble());
    CHECK_FALSE(bad.trouble());
    CHECK(trouble.trouble());
    CHECK_FALSE(trouble.has_value());
    CHECK(trouble.problem().text == "cannot be read: Input/output error");
}

TEST_CASE("descriptors, memory, disks and file servers are the server's; names and permissions are not") {
    for (const int error : {EMFILE, ENFILE, ENOMEM, EIO, ESTALE, EAGAIN, ETIMEDOUT}) CHECK(is_trouble(error));
    for (const int error : {0, ENOENT, ENOTDIR, EACCES, EPERM, ELOOP, ENAMETOOLONG, EISDIR, ENXIO}) CHECK_FALSE(is_trouble(error));
}
