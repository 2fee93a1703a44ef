#include "spool/listings.hpp"
#include <fcntl.h>
#include <cerrno>
#include "base/trouble.hpp"
#include "spool/beneath.hpp"
#include "spool/dir_stream.hpp"
#include "spool/files.hpp"

namespace motionspool::spool {

const Listing* Listings::of(int root, const std::string& folder) {
    if (const auto known = known_.find(folder); known != known_.end()) return &known->second;
    const auto opened = folder.empty() ? Opening{duplicate(root), errno} : open_beneath(root, folder, O_RDONLY | O_DIRECTORY);
    int error = opened.error;
    std::vector<std::string> names;
    if (opened.fd) names = names_in(opened.fd.get(), error);
    errno = error;
    return opened.fd && !is_trouble(error) ? &known_.emplace(folder, std::move(names)).first->second : nullptr;
}

}  // namespace motionspool::spool
