#include <algorithm>
#include <boost/json/parse.hpp>
#include "base/text.hpp"
#include "simulator/answers.hpp"
#include "simulator/builtin_clip.hpp"
#include "simulator/crypt.hpp"
#include "simulator/multipart.hpp"

namespace motionspool::simulator {
namespace {

struct Incoming {
    std::string folder, name, mime;
    std::string_view bytes;
};

Planned upload_error(const World& world, Visit& visit, int code, std::string_view text) {
    visit.note.code = code;
    return json_answer(status_of(world.options, code), ObjectText{}.flag("success", false).number("code", code).text("msg", text).str());
}

std::string mime_of(const Incoming& incoming) {
    static constexpr std::pair<std::string_view, std::string_view> known[] = {
        {".png", "image/png"}, {".jpg", "image/jpeg"},      {".jpeg", "image/jpeg"},
        {".mp4", "video/mp4"}, {".mov", "video/quicktime"}, {".mkv", "video/x-matroska"},
    };
    const auto name = lower_ascii(incoming.name);
    for (const auto& [extension, mime] : known) {
        if (name.ends_with(extension)) return std::string{mime};
    }
    return incoming.mime.empty() ? "application/octet-stream" : incoming.mime;
}

/// What is wrong with where a file is to go; empty if nothing is.
std::string_view problem_of(const Incoming& incoming) {
    if (incoming.folder.empty()) return "uploadPath is required";
    if (incoming.folder.starts_with('/') || incoming.folder.ends_with('/')) return "uploadPath must not start or end with a slash";
    if (incoming.name.empty() || incoming.name.size() > 255 || incoming.name.find('/') != std::string::npos) return "fileName is not valid";
    if ((incoming.folder + "/" + incoming.name).find("..") != std::string::npos) return "a path must not contain two dots";
    return {};
}

std::string data_of(const World& world, const std::string& path, const Incoming& incoming, const Upload& upload, Moment now) {
    const auto url = world.base + "/files/" + percent_encoded_path(path);
    const bool older = world.options.upload_shape == UploadShape::download;
    ObjectText data;
    data.text("fileName", incoming.name).text("filePath", path).text(older ? "downloadUrl" : "fileUrl", url);
    data.number("fileSize", static_cast<std::int64_t>(upload.content->size())).text("mimeType", upload.mime).text("uploadedAt", to_rfc3339(now.wall));
    if (!older) data.text("expiresAt", to_rfc3339(now.wall + world.options.upload_ttl));
    return data.str();
}

/// Keeps a file; the same path again is overwritten.
Planned keep(World& world, Visit& visit, const Incoming& incoming) {
    const auto problem = problem_of(incoming);
    if (!problem.empty()) return upload_error(world, visit, 400, problem);
    const auto path = incoming.folder + "/" + incoming.name;
    visit.note.more.text("name", path);
    const auto fault = note_fault(visit.note, world.plan.draw(Stage::upload));
    if (fault == Fault::upload_drop) return no_answer();
    if (fault == Fault::upload_500) return html_answer(500, "500 Internal Server Error");
    if (fault == Fault::upload_code_500) return upload_error(world, visit, 500, "File upload failed");
    auto& upload = world.uploads[path];
    upload = Upload{world.contents.keep(incoming.bytes), mime_of(incoming), visit.now.steady};
    ++world.totals.uploads;
    world.totals.uploaded_bytes += static_cast<std::int64_t>(incoming.bytes.size());
    visit.note.more.text("sha256", upload.content->sha256()).number("size", static_cast<std::int64_t>(incoming.bytes.size()));
    if (fault == Fault::upload_garbage) return garbage_answer();
    visit.note.code = 200;
    const auto data = data_of(world, path, incoming, upload, visit.now);
    return json_answer(200, ObjectText{}.flag("success", true).number("code", 200).text("msg", "File uploaded successfully").raw("data", data).str());
}

/// A member of a JSON body; empty if it is no string.
std::string member(const boost::json::value& body, std::string_view key) {
    const auto* object = body.if_object();
    const auto* value = object != nullptr ? object->if_contains(boost::json::string_view{key.data(), key.size()}) : nullptr;
    return value != nullptr && value->is_string() ? std::string{value->get_string().data(), value->get_string().size()} : std::string{};
}

boost::json::value parsed(const std::string& body) {
    boost::system::error_code error;
    auto value = boost::json::parse(body, error);
    return error ? boost::json::value{} : value;
}

}  // namespace

Planned stream_upload(World& world, Visit& visit) {
    const auto parts = parse_multipart(http::find(visit.request.headers, "Content-Type").value_or(""), visit.body);
    if (!parts) return upload_error(world, visit, 400, parts.problem().text);
    const auto* file = find_part(*parts, "file");
    if (file == nullptr) return upload_error(world, visit, 400, "file is required");
    const auto text_of = [&](std::string_view name) {
        const auto* part = find_part(*parts, name);
        return part != nullptr ? std::string{part->content} : std::string{};
    };
    Incoming incoming{text_of("uploadPath"), text_of("fileName"), file->content_type, file->content};
    if (incoming.name.empty()) incoming.name = file->file_name;
    return keep(world, visit, incoming);
}

Planned base64_upload(World& world, Visit& visit) {
    const auto body = parsed(visit.body);
    const auto text = member(body, "base64Data");
    std::string_view data = text;
    std::string mime;
    static constexpr std::string_view marker = ";base64,";
    if (const auto comma = data.find(marker); data.starts_with("data:") && comma != std::string_view::npos) {
        mime = data.substr(5, comma - 5);
        data.remove_prefix(comma + marker.size());
    }
    const auto bytes = from_base64(data);
    if (!bytes || bytes->empty()) return upload_error(world, visit, 400, "base64Data is required");
    return keep(world, visit, Incoming{member(body, "uploadPath"), member(body, "fileName"), mime, *bytes});
}

Planned url_upload(World& world, Visit& visit) {
    const auto body = parsed(visit.body);
    const auto url = member(body, "fileUrl");
    if (!http::parse_url(url)) return upload_error(world, visit, 400, "fileUrl is required");
    Incoming incoming{member(body, "uploadPath"), member(body, "fileName"), "", builtin_clip()};
    if (incoming.name.empty()) incoming.name = url.substr(url.rfind('/') + 1);
    return keep(world, visit, incoming);
}

}  // namespace motionspool::simulator
