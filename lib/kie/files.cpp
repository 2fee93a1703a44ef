#include "kie/files.hpp"
#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include "kie/envelope.hpp"
#include "kie/requests.hpp"

namespace motionspool::kie {
namespace json = boost::json;
namespace {

struct FileType {
    std::string_view extension, type;
};

FileType type_of(domain::Format format) {
    switch (format) {
        case domain::Format::jpeg: return {".jpg", "image/jpeg"};
        case domain::Format::png: return {".png", "image/png"};
        case domain::Format::mp4: return {".mp4", "video/mp4"};
        case domain::Format::quicktime: return {".mov", "video/quicktime"};
        case domain::Format::matroska: return {".mkv", "video/x-matroska"};
        case domain::Format::webm: return {".webm", "video/webm"};
        case domain::Format::other: return {".bin", "application/octet-stream"};
    }
    return {".bin", "application/octet-stream"};
}

std::string field(const std::string& boundary, std::string_view name, std::string_view value) {
    return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + std::string{name} + "\"\r\n\r\n" + std::string{value} + "\r\n";
}

bool ends_on_label(std::string_view host, std::string_view suffix) {
    if (host == suffix) return true;
    return host.size() > suffix.size() && host.ends_with(suffix) && host[host.size() - suffix.size() - 1] == '.';
}

}  // namespace

std::string upload_name(const std::string& sha256, domain::Format format) { return sha256 + std::string{type_of(format).extension}; }

http::Request upload(const std::string& key, UploadOrder order) {
    const auto name = upload_name(order.sha256, order.format);
    const auto boundary = "motionspool-" + order.sha256.substr(0, 32);
    auto headers = with_key(key);
    headers.push_back({"Content-Type", "multipart/form-data; boundary=" + boundary});
    http::FileBody body;
    body.before = field(boundary, "uploadPath", "motionspool") + field(boundary, "fileName", name) + "--" + boundary +
                  "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: " + std::string{type_of(order.format).type} +
                  "\r\n\r\n";
    body.file = std::move(order.file);
    body.size = order.bytes;
    body.after = "\r\n--" + boundary + "--\r\n";
    body.seen = std::move(order.seen);
    return {"POST", "/api/file-stream-upload", std::move(headers), std::move(body)};
}

Uploaded read_upload(const http::Exchange& exchange) {
    const auto answer = read_answer(exchange);
    const auto& e = answer.envelope;
    if (!e.complete) return {{}, e.trouble, e.http_status == 401, 0};
    Uploaded uploaded;
    uploaded.key_refused = e.http_status == 401 || e.code == 401;
    if (e.http_status >= 200 && e.http_status < 300 && (!e.code || *e.code == 200)) {
        uploaded.url = text_at(answer.data, "downloadUrl");
        if (uploaded.url.empty()) uploaded.url = text_at(answer.data, "fileUrl");
        const auto* data = answer.data.if_object();
        const auto* size = data == nullptr ? nullptr : data->if_contains("fileSize");
        if (size != nullptr && size->is_int64() && size->get_int64() > 0) uploaded.bytes = static_cast<std::uint64_t>(size->get_int64());
    }
    if (uploaded.url.empty())
        uploaded.trouble = "the upload host answers " + (e.code ? std::to_string(*e.code) : "HTTP " + std::to_string(e.http_status)) +
                           (e.message.empty() ? "" : ": " + e.message);
    return uploaded;
}

http::Request ask_fresh_link(const std::string& key, const std::string& url) {
    auto headers = with_key(key);
    headers.push_back({"Content-Type", "application/json"});
    json::object body;
    body["url"] = url;
    return {"POST", "/api/v1/common/download-url", std::move(headers), json::serialize(body)};
}

std::string read_fresh_link(const http::Exchange& exchange) {
    const auto answer = read_answer(exchange);
    const bool good = answer.envelope.complete && answer.envelope.http_status == 200 && answer.envelope.code == 200 && answer.data.is_string();
    return good ? std::string{answer.data.get_string()} : std::string{};
}

bool may_fetch(const http::Url& url, const std::vector<std::string>& hosts, const http::Origin& api) {
    const bool rehearsal = http::is_loopback(api);
    if (rehearsal && url.origin == api) return true;
    if (!url.origin.tls || url.origin.port != 443) return false;
    if (!rehearsal && url.origin.host == api.host) return true;
    return std::ranges::any_of(hosts, [&](const std::string& suffix) { return ends_on_label(url.origin.host, suffix); });
}

}  // namespace motionspool::kie
