#include "app/result_file.hpp"
#include <fcntl.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include "base/seeded.hpp"
#include "media/ebml_walk.hpp"
#include "media/mp4_walk.hpp"
#include "media/read_at.hpp"

namespace motionspool::app {
namespace {
constexpr std::uint64_t write_back_step = 8u << 20;

/// Is a Content-Range "bytes FROM-LAST/TOTAL" all that is missing?
bool is_the_rest(std::string_view range, std::uint64_t from) {
    const auto begin = "bytes " + std::to_string(from) + "-";
    if (!range.starts_with(begin)) return false;
    const std::string rest{range.substr(begin.size())};
    const auto slash = rest.find('/');
    if (slash == std::string::npos || slash == 0) return false;
    const auto total = rest.substr(slash + 1);
    return total != "*" && std::to_string(std::strtoull(rest.c_str(), nullptr, 10) + 1) == total;
}

[[noreturn]] void fail(const char* what, const std::filesystem::path& path) {
    throw std::system_error(errno, std::generic_category(), std::string{what} + " " + path.string());
}
}  // namespace

ResultFile::ResultFile(std::filesystem::path path)
    : path_{std::move(path)}, fd_{::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0664)} {
    if (!fd_) fail("cannot create", path_);
}

http::Headers ResultFile::resume_headers() const {
    if (size_ == 0 || etag_.empty()) return {};
    return {{"Range", "bytes=" + std::to_string(size_) + "-"}, {"If-Range", etag_}};
}

void ResultFile::start_over() {
    etag_.clear();
    if (size_ == 0) return;
    if (::ftruncate(fd_.get(), 0) != 0) fail("cannot empty", path_);
    hash_ = system::Sha256{};
    size_ = written_back_ = 0;
}

bool ResultFile::begin(const http::Response& head) {
    took_ = false;
    trouble_.clear();
    if (head.status != 200 && head.status != 206) return false;
    const auto range = http::find(head.headers, "Content-Range").value_or("");
    const auto same = http::find(head.headers, "ETag").value_or(etag_) == etag_;
    const bool continues = head.status == 206 && same && is_the_rest(range, size_);
    if (head.status == 206 && !continues) return false;
    if (!continues) start_over();
    const auto etag = http::find(head.headers, "ETag").value_or("");
    etag_ = etag.starts_with("W/") ? std::string{} : std::string{etag};
    took_ = true;
    return true;
}

bool ResultFile::write(std::span<const char> piece) {
    for (auto rest = piece; !rest.empty();) {
        const auto n = ::pwrite(fd_.get(), rest.data(), rest.size(), static_cast<off_t>(size_));
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            trouble_ = "cannot write " + path_.string() + ": " + std::strerror(errno);
            return false;
        }
        const auto part = rest.first(static_cast<std::size_t>(n));
        hash_.update(part);
        size_ += part.size();
        rest = rest.subspan(part.size());
    }
    if (size_ - written_back_ >= write_back_step) {  // so that the fsync at the end has little left to do
        ::sync_file_range(fd_.get(), static_cast<off64_t>(written_back_), static_cast<off64_t>(size_ - written_back_), SYNC_FILE_RANGE_WRITE);
        written_back_ = size_;
    }
    return true;
}

void ResultFile::sync() {
    if (!seeded("no-file-fsync") && ::fsync(fd_.get()) != 0) fail("cannot write to disk", path_);
}

std::optional<std::string> broken_video(int fd, std::uint64_t size) {
    const auto read = media::reader_of(fd);
    std::array<char, 4> head{};
    const bool matroska = read(0, head) == 4 && std::string_view{head.data(), 4} == "\x1a\x45\xdf\xa3";
    if (matroska) return media::walk_ebml(read, size).complete ? std::nullopt : std::optional<std::string>{"it is cut short"};
    const auto walk = media::walk_mp4(read, size);
    if (!walk.ftyp && !walk.moov) return "it is no video (" + std::to_string(size) + " bytes of something else)";
    if (!walk.moov || !walk.mdat) return "it has no index or no pictures";
    if (!walk.ends_at_eof) return "it is cut short";
    if (!walk.duration) return "its duration is zero";
    return std::nullopt;
}

}  // namespace motionspool::app
