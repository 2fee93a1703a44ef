#pragma once
#include <dirent.h>
#include <memory>
#include <string>
#include <vector>
#include "base/unique_fd.hpp"

namespace motionspool::spool {

/// The names in a folder, one after the other, in no order; "." and ".." left out.
class DirStream {
public:
    DirStream() = default;
    /// Reads the folder anew from its start; `folder` stays the caller's. Ends at once with error() set if it cannot be read.
    explicit DirStream(int folder);
    /// The next name, valid until the next call; null at the end or on an error.
    [[nodiscard]] const char* next();
    [[nodiscard]] int error() const noexcept { return error_; }  ///< 0 or an errno
    [[nodiscard]] int fd() const noexcept { return dir_ ? ::dirfd(dir_.get()) : -1; }

private:
    struct Close {
        void operator()(DIR* dir) const { ::closedir(dir); }
    };
    std::unique_ptr<DIR, Close> dir_;
    int error_ = 0;
};

/// Every name in a folder, sorted by bytes; what cannot be read has none.
[[nodiscard]] std::vector<std::string> names_in(int folder);
/// The same. @param error 0, or the errno of what kept it from being read to its end
[[nodiscard]] std::vector<std::string> names_in(int folder, int& error);

}  // namespace motionspool::spool
