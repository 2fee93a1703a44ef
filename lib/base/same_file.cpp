#include "base/same_file.hpp"
#include <optional>

namespace motionspool {
namespace {

std::optional<struct stat> facts_of(int fd) {
    struct stat facts {};
    if (::fstat(fd, &facts) != 0) return std::nullopt;
    return facts;
}

std::optional<struct stat> facts_of(const std::filesystem::path& path) {
    struct stat facts {};
    if (::stat(path.c_str(), &facts) != 0) return std::nullopt;
    return facts;
}

bool same(const std::optional<struct stat>& one, const std::optional<struct stat>& other) { return one && other && same_file(*one, *other); }

}  // namespace

bool same_file(const struct stat& one, const struct stat& other) { return one.st_dev == other.st_dev && one.st_ino == other.st_ino; }
bool same_file(int opened, const std::filesystem::path& named) { return same(facts_of(opened), facts_of(named)); }
bool same_file(int one, int other) { return same(facts_of(one), facts_of(other)); }
bool same_file(const std::filesystem::path& one, const std::filesystem::path& other) { return same(facts_of(one), facts_of(other)); }

}  // namespace motionspool
