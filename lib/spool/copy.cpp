#include "spool/copy.hpp"
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include "spool/files.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

constexpr std::size_t piece = 1 << 20;  ///< bytes between two looks at the clock

/// For file systems where copy_file_range(2) does not work.
ssize_t copy_by_reading(int from, int to, off_t at, std::size_t wanted) {
    std::array<char, 64 * 1024> buffer;
    const auto got = ::pread(from, buffer.data(), std::min(wanted, buffer.size()), at);
    return got <= 0 ? got : ::pwrite(to, buffer.data(), static_cast<std::size_t>(got), at);
}

ssize_t copy_piece(int from, int to, off_t at, std::size_t wanted) {
    off_t in = at, out = at;
    const auto copied = ::copy_file_range(from, &in, to, &out, wanted, 0);
    if (copied > 0) return copied;
    return copied == 0 || errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP ? copy_by_reading(from, to, at, wanted) : copied;
}

}  // namespace

FileCopy::FileCopy(UniqueFd source, int folder, const std::string& name)
    : source_{std::move(source)}, target_{::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)}, name_{shown(name)} {
    if (!target_ || ::fstat(source_.get(), &before_) != 0)
        error_ = errno;
    else if (::ioctl(target_.get(), FICLONE, source_.get()) == 0)
        at_ = before_.st_size;
}

std::optional<Done> FileCopy::failed(std::string_view what) const { return Done{problem_of(std::string{what} + " " + name_, error_)}; }

std::optional<Done> FileCopy::step() {
    if (error_ != 0) return failed("cannot copy");
    if (at_ >= before_.st_size) return complete();
    const auto wanted = std::min(piece, static_cast<std::size_t>(before_.st_size - at_));
    const auto copied = copy_piece(source_.get(), target_.get(), at_, wanted);
    if (copied < 0 && errno == EINTR) return std::nullopt;
    if (copied < 0) {
        error_ = errno;
        return failed("cannot copy");
    }
    if (copied == 0) return Done{Problem{name_ + " became shorter while it was copied; wait until nothing writes to it"}};
    ::sync_file_range(target_.get(), at_, copied, SYNC_FILE_RANGE_WRITE);
    at_ += copied;
    return std::nullopt;
}

std::optional<Done> FileCopy::complete() {
    struct stat after {};
    if (::fstat(source_.get(), &after) != 0) error_ = errno;
    const bool same = after.st_size == before_.st_size && after.st_mtim.tv_sec == before_.st_mtim.tv_sec && after.st_mtim.tv_nsec == before_.st_mtim.tv_nsec;
    if (error_ == 0 && !same) return Done{Problem{name_ + " changed while it was copied; wait until nothing writes to it"}};
    const std::array<timespec, 2> times{timespec{.tv_sec = 0, .tv_nsec = UTIME_OMIT}, before_.st_mtim};
    if (error_ == 0 && (::fchmod(target_.get(), 0660) != 0 || ::futimens(target_.get(), times.data()) != 0 || ::fsync(target_.get()) != 0)) error_ = errno;
    return error_ == 0 ? done() : failed("cannot copy");
}

TreeCopy::TreeCopy(int from_folder, std::string from, int to_folder, std::string to)
    : from_folder_{from_folder}, to_folder_{to_folder}, from_{std::move(from)}, to_{std::move(to)} {}

std::optional<Done> TreeCopy::step(const Enough& enough) {
    for (;;) {
        auto answer = advance();
        if (answer) return answer;
        if (enough()) return std::nullopt;
    }
}

std::optional<Done> TreeCopy::advance() {
    if (!begun_) {
        begun_ = true;
        if (auto began = begin(from_folder_, from_, to_folder_, to_, from_); !began) return began;
    } else if (file_) {
        const auto copied = file_->step();
        if (!copied) return std::nullopt;
        file_.reset();
        if (!*copied) return Done{Problem{"in " + shown(file_path_) + ": " + copied->problem().text}};
    } else if (!open_.empty()) {
        auto& level = open_.back();
        if (const char* const name = level.names.next()) {
            const std::string next{name};
            if (auto began = begin(level.from.get(), next, level.to.get(), next, level.path + "/" + next); !began) return began;
            return std::nullopt;
        }
        const int error = level.names.error() != 0 ? level.names.error() : sync_folder(level.to.get());
        if (error != 0) return Done{problem_of("cannot copy the folder " + shown(level.path), error)};
        open_.pop_back();
    }
    return open_.empty() && !file_ ? std::optional{done()} : std::nullopt;
}

Done TreeCopy::begin(int from_folder, const std::string& from, int to_folder, const std::string& to, const std::string& path) {
    struct stat facts {};
    if (::fstatat(from_folder, from.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) return problem_of("cannot look at " + shown(path), errno);
    if (S_ISDIR(facts.st_mode)) return enter(from_folder, from, to_folder, to, path);
    if (S_ISREG(facts.st_mode)) {
        UniqueFd source{::openat(from_folder, from.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
        if (!source) return Problem{problem_of("cannot read " + shown(path), errno).text + "; make it readable for the service"};
        file_path_ = path;
        file_.emplace(std::move(source), to_folder, to);
    }
    if (S_ISLNK(facts.st_mode)) {
        std::array<char, 4096> target{};
        const auto length = ::readlinkat(from_folder, from.c_str(), target.data(), target.size() - 1);
        if (length < 0 || ::symlinkat(target.data(), to_folder, to.c_str()) != 0) return problem_of("cannot copy the link " + shown(path), errno);
    }
    return done();
}

Done TreeCopy::enter(int from_folder, const std::string& from, int to_folder, const std::string& to, const std::string& path) {
    if (open_.size() >= 32) return Problem{shown(path) + " is nested more than 32 folders deep"};
    auto source = open_folder(from_folder, from);
    if (!source) return Problem{problem_of("cannot read the folder " + shown(path), errno).text + "; make it readable for the service"};
    auto target = make_group_folder(to_folder, to);
    if (!target) return problem_of("cannot make a copy of the folder " + shown(path), errno);
    DirStream names{source.get()};
    open_.push_back({std::move(names), std::move(source), std::move(target), path});
    return done();
}

void remove_tree(int folder, const std::string& name) {
    if (::unlinkat(folder, name.c_str(), 0) == 0 || !is_folder(folder, name)) return;
    if (const auto inner = open_folder(folder, name))
        for (const auto& each : names_in(inner.get())) remove_tree(inner.get(), each);
    ::unlinkat(folder, name.c_str(), AT_REMOVEDIR);
}

}  // namespace motionspool::spool
