#pragma once
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace motionspool::test {

/// While it lives, only `left` more descriptors can be opened; then EMFILE.
class FewDescriptors {
public:
    explicit FewDescriptors(int left = 0) {
        REQUIRE(::getrlimit(RLIMIT_NOFILE, &before_) == 0);
        const int next = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
        REQUIRE(next >= 0);
        ::close(next);
        const rlimit few{static_cast<rlim_t>(next + left), before_.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_NOFILE, &few) == 0);
    }
    FewDescriptors(const FewDescriptors&) = delete;
    FewDescriptors& operator=(const FewDescriptors&) = delete;
    ~FewDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

}  // namespace motionspool::test
