#include "simulator/journal.hpp"
#include <fcntl.h>
#include <cerrno>
#include <cstring>
#include <system_error>

namespace motionspool::simulator {

Result<Journal> Journal::open(const std::string& path, bool fsync) {
    UniqueFd file{::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644)};
    if (!file) return Problem{"the journal " + path + " cannot be opened: " + std::strerror(errno) + "; name a file in a folder you may write to"};
    return Journal{std::move(file), fsync};
}

void Journal::append(const Moment& now, std::string_view kind, const ObjectText& more, bool durable) {
    ++sequence_;
    if (!file_) return;
    ObjectText line;
    line.number("seq", sequence_).number("mono_ms", now.steady.count()).text("wall", to_rfc3339(now.wall)).text("kind", kind).all_of(more);
    const auto text = line.str() + "\n";
    const auto written = ::write(file_.get(), text.data(), text.size());
    if (written != static_cast<ssize_t>(text.size()))
        throw std::system_error(written < 0 ? errno : ENOSPC, std::generic_category(), "the journal cannot be written");
    if (durable && fsync_ && ::fdatasync(file_.get()) != 0) throw std::system_error(errno, std::generic_category(), "the journal cannot be made durable");
}

}  // namespace motionspool::simulator
