#include "domain/remote_media.hpp"
#include <algorithm>
#include <array>
#include "domain/model_rules.hpp"

namespace motionspool::domain {
namespace {

/// The rule of the format that servers call so; null if none is.
const FormatRule* rule_of(std::string_view type) {
    if (type.empty() || type.find(' ') != std::string_view::npos) return nullptr;
    const auto names_it = [&](const FormatRule& rule) {
        return (" " + std::string{rule.types} + " ").find(" " + std::string{type} + " ") != std::string::npos;
    };
    const auto* const rule = std::ranges::find_if(format_rules, names_it);
    return rule == format_rules.end() ? nullptr : rule;
}

/// Types that say what a file is; any other ("application/octet-stream") leaves it open.
bool is_telling(std::string_view type) {
    constexpr std::array<std::string_view, 4> kinds{"image/", "video/", "audio/", "text/"};
    constexpr std::array<std::string_view, 5> others{"application/json", "application/xml", "application/xhtml+xml", "application/pdf", "application/zip"};
    return std::ranges::any_of(kinds, [&](std::string_view kind) { return type.starts_with(kind); }) || std::ranges::find(others, type) != others.end();
}

std::string wrong_type(const std::string& type, bool image) {
    const bool page = type == "text/html" || type == "application/xhtml+xml";
    return "the server calls it " + type + (page ? ", a web page" : "") + "; expected " + (image ? "a JPEG or PNG" : "MP4, QuickTime or Matroska") +
           (page ? ", the file itself" : "");
}

Verdict judge_told(const RemoteFile& file, bool image) {
    Verdict verdict;
    const auto* const rule = rule_of(file.type);
    const bool good = rule != nullptr ? (image ? rule->image : rule->motion) : !is_telling(file.type);
    if (!good) verdict.errors.push_back(wrong_type(file.type, image));
    const auto most = image ? model_rules.image_bytes : model_rules.motion_bytes;
    if (file.bytes.value_or(0) > most)
        verdict.errors.push_back(std::string{"the "} + (image ? "image" : "motion") + " is " + megabytes(*file.bytes) + "; at most " + megabytes(most) +
                                 " is accepted");
    return verdict;
}

}  // namespace

Verdict judge_remote(const RemoteFile& file, bool image) {
    switch (file.said) {
        case RemoteFile::Said::something: return judge_told(file, image);
        case RemoteFile::Said::nothing: return {.errors = {}, .warnings = {"its type and size could not be checked (" + file.why + ")"}};
        case RemoteFile::Said::not_there: return {.errors = {"there is no such file (" + file.why + "); expected a URL that can be fetched"}, .warnings = {}};
        case RemoteFile::Said::off_limits: return {.errors = {file.why + "; expected a URL that the provider can fetch from the Internet"}, .warnings = {}};
    }
    return {};
}

}  // namespace motionspool::domain
