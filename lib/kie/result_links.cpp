#include "kie/result_links.hpp"
#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <optional>
#include "base/text.hpp"

namespace motionspool::kie {
namespace {

/// "resultUrls", "result_url", "video-URL", …, without what sets their parts apart.
bool names_result(std::string_view key) {
    auto plain = lower_ascii(key);
    std::erase_if(plain, [](char c) { return c == '_' || c == '-' || c == ' ' || c == '.'; });
    if (plain.ends_with('s')) plain.pop_back();
    constexpr std::array names{"resultjson",  "result",    "resulturl", "resultvideo", "resultvideourl", "url",     "video",
                               "videourl",    "videolink", "output",    "outputurl",   "file",           "fileurl", "link",
                               "downloadurl", "download",  "content",   "data",        "work",           "task",    "response"};
    return std::ranges::find(names, plain) != names.end();
}

std::string_view path_of(std::string_view link) { return link.substr(0, link.find_first_of("?#")); }

std::string ending_of(std::string_view link) {
    const auto path = path_of(link);
    const auto authority = path.find("//");
    const auto begin = authority == std::string_view::npos ? 0 : path.find('/', authority + 2);
    if (begin == std::string_view::npos) return {};
    const auto name = path.substr(path.rfind('/') + 1);
    const auto dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string{} : lower_ascii(name.substr(dot + 1));
}

bool among(const auto& list, std::string_view text) { return std::ranges::find(list, text) != list.end(); }

/// 0: a video by its name; nothing: never one
std::optional<int> rank_of(std::string_view link) {
    constexpr std::array videos{"mp4", "mov", "mkv", "webm", "m4v"};
    constexpr std::array others{"png", "jpg", "jpeg", "webp", "gif", "avif", "heic", "bmp", "tif", "tiff",
                                "svg", "ico", "json", "txt",  "srt", "vtt",  "mp3",  "wav", "aac"};
    const auto ending = ending_of(link);
    if (among(videos, ending)) return 0;
    if (among(others, ending)) return std::nullopt;
    return ending.empty() ? 1 : 2;
}

/// "https://…", "//host/…", "/path", "path/x.mp4"; no sentence, no id.
bool like_link(std::string_view text) {
    if (text.starts_with("http://") || text.starts_with("https://") || text.starts_with("HTTP")) return true;
    return text.size() > 1 && (text.front() == '/' || (text.find('/') != std::string_view::npos && rank_of(text) == 0));
}

/// Every text in the value, and in JSON within a text.
void all_texts(const json::value& value, std::vector<std::string>& texts, int nested = 0) {
    if (const auto* list = value.if_array()) {
        for (const auto& item : *list) all_texts(item, texts, nested);
    }
    if (const auto* object = value.if_object()) {
        for (const auto& member : *object) all_texts(member.value(), texts, nested);
    }
    const auto* text = value.if_string();
    if (text == nullptr) return;
    texts.emplace_back(trim(*text));
    json::error_code error;
    const auto inner = json::parse(trim(*text), error);
    if (!error && !inner.is_number() && nested < 8) all_texts(inner, texts, nested + 1);
}

class Collector {
public:
    void all_of(const json::value& value, int nested = 0) {
        if (const auto* text = value.if_string()) return one(*text, nested);
        if (const auto* list = value.if_array()) {
            for (const auto& item : *list) all_of(item, nested);
        }
        if (const auto* object = value.if_object()) {
            for (const auto& member : *object)
                if (names_result(member.key())) all_of(member.value(), nested);
        }
    }
    std::vector<std::string> links;

private:
    void one(std::string_view text, int nested) {
        const std::string_view whole = trim(text);
        json::error_code error;
        const bool inner = nested < 8 && (whole.starts_with('{') || whole.starts_with('[') || whole.starts_with('"'));
        if (inner) {
            const auto value = json::parse(whole, error);
            if (!error) all_of(value, nested + 1);
            return;
        }
        if (like_link(whole)) links.emplace_back(one_line(std::string{whole}));
    }
};

}  // namespace

std::vector<std::string> result_links(const json::object& data) {
    Collector found;
    for (const auto& member : data)
        if (names_result(member.key())) found.all_of(member.value());
    std::vector<std::string> given;
    if (const auto* param = data.if_contains("param")) all_texts(*param, given);
    std::vector<std::string> links;
    for (auto& link : found.links) {
        const bool was_given = std::ranges::find(given, link) != given.end();
        if (rank_of(link) && !was_given && std::ranges::find(links, link) == links.end()) links.push_back(std::move(link));
    }
    std::ranges::stable_sort(links, {}, [](const std::string& link) { return *rank_of(link); });
    return links;
}

}  // namespace motionspool::kie
