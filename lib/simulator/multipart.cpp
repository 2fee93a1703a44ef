#include "simulator/multipart.hpp"
#include <algorithm>
#include <optional>
#include "base/text.hpp"

namespace motionspool::simulator {
namespace {

/// Takes a token or a quoted string from the front of a header's value.
std::string take_value(std::string_view& text) {
    std::string value;
    if (!text.starts_with('"')) {
        const auto end = std::min(text.find_first_of("; \t"), text.size());
        value = text.substr(0, end);
        text.remove_prefix(end);
        return value;
    }
    text.remove_prefix(1);
    while (!text.empty() && text.front() != '"') {
        // Browsers send a Windows path's backslashes as they are: only \" and \\ are escapes.
        if (text.starts_with("\\\"") || text.starts_with("\\\\")) text.remove_prefix(1);
        value += text.front();
        text.remove_prefix(1);
    }
    if (!text.empty()) text.remove_prefix(1);
    return value;
}

/// The parameter of a header's value: parameter("form-data; name=\"a\"", "name") is "a".
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
    auto rest = header.substr(std::min(header.find(';'), header.size()));
    while (rest.starts_with(';')) {
        rest.remove_prefix(1);
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const auto key = trim(rest.substr(0, equals));
        rest = trim(rest.substr(equals + 1));
        auto value = take_value(rest);
        if (equal_ignoring_case(key, name)) return value;
        rest = trim(rest);
    }
    return std::nullopt;
}

Result<Part> read_part(std::string_view text) {
    auto end_of_head = text.find("\r\n\r\n");
    if (end_of_head == std::string_view::npos) return Problem{"a part of the multipart body has no empty line behind its header"};
    Part part;
    part.content = text.substr(end_of_head + 4);
    auto head = text.substr(0, end_of_head);
    bool named = false;
    while (!head.empty()) {
        const auto end = std::min(head.find("\r\n"), head.size());
        const auto line = head.substr(0, end);
        head.remove_prefix(std::min(end + 2, head.size()));
        const auto colon = std::min(line.find(':'), line.size());
        const auto key = trim(line.substr(0, colon));
        const auto value = trim(line.substr(std::min(colon + 1, line.size())));
        if (equal_ignoring_case(key, "Content-Type")) part.content_type = value;
        if (!equal_ignoring_case(key, "Content-Disposition")) continue;
        const auto name = parameter(value, "name");
        named = name.has_value();
        part.name = name.value_or("");
        part.file_name = parameter(value, "filename").value_or("");
    }
    if (!named) return Problem{"a part of the multipart body has no name"};
    return part;
}

/// Where the next delimiter ("\r\n--BOUNDARY" followed by a line end or "--") begins.
std::size_t find_delimiter(std::string_view body, std::string_view delimiter) {
    for (auto at = body.find(delimiter); at != std::string_view::npos; at = body.find(delimiter, at + 1)) {
        const auto behind = body.substr(at + delimiter.size());
        if (behind.starts_with("--") || behind.starts_with("\r\n") || behind.starts_with(' ') || behind.starts_with('\t')) return at;
    }
    return std::string_view::npos;
}

}  // namespace

Result<std::vector<Part>> parse_multipart(std::string_view content_type, std::string_view body) {
    if (!equal_ignoring_case(trim(content_type.substr(0, content_type.find(';'))), "multipart/form-data"))
        return Problem{"the request is no multipart/form-data; expected that Content-Type"};
    const auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > 70) return Problem{"the Content-Type names no boundary of 1 to 70 characters"};
    const auto delimiter = "\r\n--" + *boundary;
    const auto cut_off = Problem{"the multipart body ends without its closing boundary"};
    auto rest = body;
    if (rest.starts_with(std::string_view{delimiter}.substr(2)))
        rest.remove_prefix(delimiter.size() - 2);
    else {  // a preamble
        const auto first = find_delimiter(rest, delimiter);
        if (first == std::string_view::npos) return cut_off;
        rest.remove_prefix(first + delimiter.size());
    }
    std::vector<Part> parts;
    while (!rest.starts_with("--")) {
        const auto line_end = rest.find("\r\n");
        if (line_end == std::string_view::npos) return cut_off;
        rest.remove_prefix(line_end + 2);
        const auto end = find_delimiter(rest, delimiter);
        if (end == std::string_view::npos) return cut_off;
        auto part = read_part(rest.substr(0, end));
        if (!part) return part.problem();
        parts.push_back(std::move(*part));
        rest.remove_prefix(end + delimiter.size());
    }
    return parts;
}

const Part* find_part(const std::vector<Part>& parts, std::string_view name) {
    const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return part.name == name; });
    return found == parts.end() ? nullptr : &*found;
}

}  // namespace motionspool::simulator
