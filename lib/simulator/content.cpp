#include "simulator/content.hpp"
#include <fcntl.h>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include "simulator/crypt.hpp"
#include "simulator/mp4_length.hpp"

namespace motionspool::simulator {
namespace {

constexpr std::uint64_t small = 256u << 10;         ///< up to here bytes stay in memory …
constexpr std::uint64_t memory_in_all = 64u << 20;  ///< … while all of them together are no more than this

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

UniqueFd nameless_file() {
    auto pattern = (std::filesystem::temp_directory_path() / "motionspool-simulate-XXXXXX").string();
    UniqueFd file{::mkostemp(pattern.data(), O_CLOEXEC)};
    if (!file) fail("a temporary file for an upload cannot be made");
    ::unlink(pattern.c_str());
    return file;
}

std::shared_ptr<const UniqueFd> spill(std::string_view bytes) {
    auto file = nameless_file();
    while (!bytes.empty()) {
        const auto written = ::write(file.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) fail("an upload cannot be written to its temporary file");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return std::make_shared<const UniqueFd>(std::move(file));
}

std::string read_at(int file, std::uint64_t from, std::uint64_t count) {
    std::string bytes(static_cast<std::size_t>(count), '\0');
    for (std::size_t done = 0; done < bytes.size();) {
        const auto got = ::pread(file, bytes.data() + done, bytes.size() - done, static_cast<off_t>(from + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) fail("an upload's temporary file cannot be read");
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

}  // namespace

std::string Content::text() const {
    if (const auto* text = std::get_if<std::string>(&bytes_)) return *text;
    return read_at(std::get<std::shared_ptr<const UniqueFd>>(bytes_)->get(), 0, size_);
}

Content::Body Content::body(std::uint64_t from, std::uint64_t count) const {
    if (const auto* text = std::get_if<std::string>(&bytes_)) return text->substr(static_cast<std::size_t>(from), static_cast<std::size_t>(count));
    const auto& file = std::get<std::shared_ptr<const UniqueFd>>(bytes_);
    if (from > 0) return read_at(file->get(), from, count);  // a FileBody always begins at its file's first byte
    http::FileBody body;
    body.file = file;
    body.size = count;
    return body;
}

ContentPtr ContentPool::keep(std::string_view bytes) {
    auto hash = sha256_hex(bytes);
    auto& place = by_hash_[hash];
    if (auto known = place.lock()) return known;
    Content::Bytes stored;
    if (bytes.size() <= small && in_memory_ + bytes.size() <= memory_in_all) {
        stored = std::string{bytes};
        in_memory_ += bytes.size();
    } else {
        stored = spill(bytes);
    }
    auto content = std::make_shared<const Content>(std::move(stored), bytes.size(), std::move(hash), movie_length(bytes));
    place = content;
    return content;
}

}  // namespace motionspool::simulator
