#pragma once
#include "domain/media.hpp"
#include "http/client.hpp"

// The upload host and the result links.
namespace motionspool::kie {

/// POST /api/file-stream-upload: one file, multipart, streamed from disk. It is named by its content, because the same name overwrites and caches may
/// serve old bytes.
struct UploadOrder {
    std::shared_ptr<const UniqueFd> file;
    std::uint64_t bytes = 0;
    std::string sha256;
    domain::Format format = domain::Format::other;
    std::function<void(std::span<const char>)> seen;
};
[[nodiscard]] http::Request upload(const std::string& key, UploadOrder);
/// "a3f1….png"
[[nodiscard]] std::string upload_name(const std::string& sha256, domain::Format);

struct Uploaded {
    std::string url;  ///< empty: it failed
    std::string trouble;
    bool key_refused = false;
    std::uint64_t bytes = 0;  ///< as the host says; 0: it does not
};
[[nodiscard]] Uploaded read_upload(const http::Exchange&);

/// POST /api/v1/common/download-url: a fresh link for an expired one, good for 20 minutes.
[[nodiscard]] http::Request ask_fresh_link(const std::string& key, const std::string& url);
/// @return empty if there is none
[[nodiscard]] std::string read_fresh_link(const http::Exchange&);

/// May a result or redirect be fetched from there? https on a host of `hosts` (suffixes on a label boundary) or on the api's own host; of an api on loopback,
/// that very origin and nothing else there.
[[nodiscard]] bool may_fetch(const http::Url&, const std::vector<std::string>& hosts, const http::Origin& api);

}  // namespace motionspool::kie
