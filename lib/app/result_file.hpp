#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include "base/unique_fd.hpp"
#include "http/client.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {

/// The temporary file a video is fetched into: hashed as it grows, resumable as long as the server vouches that it is the same video (a strong ETag).
class ResultFile final : public http::Sink {
public:
    /// Creates (empties) the file. Its folder must exist. @throws std::system_error
    explicit ResultFile(std::filesystem::path path);

    /// The headers that ask for the rest only, if a part is there and may be continued.
    [[nodiscard]] http::Headers resume_headers() const;
    bool begin(const http::Response& head) override;
    bool write(std::span<const char> piece) override;

    /// Did the last answer bring (more of) the video?
    [[nodiscard]] bool took() const { return took_; }
    /// What made write() refuse, for people; empty if nothing did.
    [[nodiscard]] const std::string& trouble() const { return trouble_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] int fd() const { return fd_.get(); }
    /// Everything on disk. @throws std::system_error
    void sync();
    /// Of the whole file; once.
    [[nodiscard]] std::string sha256() { return hash_.hex(); }
    /// Forgets what was fetched.
    void start_over();

private:
    std::filesystem::path path_;
    UniqueFd fd_;
    system::Sha256 hash_;
    std::uint64_t size_ = 0, written_back_ = 0;
    std::string etag_, trouble_;
    bool took_ = false;
};

/// Why a file is no complete video, or nothing. MP4 and QuickTime are walked box by box, Matroska element by element.
[[nodiscard]] std::optional<std::string> broken_video(int fd, std::uint64_t size);

}  // namespace motionspool::app
