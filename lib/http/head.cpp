#include "http/head.hpp"
#include <algorithm>
#include <array>
#include "base/text.hpp"

namespace motionspool::http {
namespace {

bool is_token_character(char c) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || others.find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_character); }
bool is_target(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7f; });
}
bool is_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c == '\t' || (static_cast<unsigned char>(c) >= ' ' && c != 0x7f); });
}

std::optional<std::string> headers_problem(const Headers& headers) {
    for (const Header& header : headers) {
        if (!is_token(header.name)) return "a header's name holds characters that may not be sent";
        if (!is_value(header.value)) return "the header " + header.name + " holds a line break or another control character";
    }
    return std::nullopt;
}

template <std::size_t n>
bool is_one_of(std::string_view name, const std::array<std::string_view, n>& names) {
    return std::ranges::any_of(names, [&](std::string_view other) { return equal_ignoring_case(name, other); });
}

void append(std::string& head, std::string_view name, std::string_view value) { head.append(name).append(": ").append(value).append("\r\n"); }

}  // namespace

std::optional<std::string> head_problem(const Request& request) {
    if (!is_token(request.method)) return "the request's method holds characters that may not be sent";
    if (!is_target(request.target)) return "the request's path holds a space, a line break or another character that may not be sent";
    return headers_problem(request.headers);
}

std::optional<std::string> head_problem(int status, const Headers& headers) {
    if (status < 200 || status > 999) return "the status " + std::to_string(status) + " is none of a final answer";
    return headers_problem(headers);
}

std::uint64_t length_of(const std::variant<std::string, FileBody>& body) {
    if (const auto* text = std::get_if<std::string>(&body)) return text->size();
    const auto& file = std::get<FileBody>(body);
    return file.before.size() + file.size + file.after.size();
}

std::string to_head(const Request& request, const Origin& origin, const std::string& user_agent, bool keep_alive) {
    constexpr std::array<std::string_view, 5> ours{"Host", "Content-Length", "Connection", "User-Agent", "Transfer-Encoding"};
    constexpr std::array<std::string_view, 3> with_body{"POST", "PUT", "PATCH"};
    const auto length = length_of(request.body);
    std::string head;
    head.reserve(512);
    head.append(request.method).append(" ").append(request.target).append(" HTTP/1.1\r\n");
    append(head, "Host", authority(origin));
    append(head, "User-Agent", user_agent);
    for (const Header& header : request.headers) {
        if (!is_one_of(header.name, ours)) append(head, header.name, header.value);
    }
    if (!find(request.headers, "Accept-Encoding")) append(head, "Accept-Encoding", "identity");
    if (length > 0 || is_one_of(request.method, with_body)) append(head, "Content-Length", std::to_string(length));
    if (!keep_alive) append(head, "Connection", "close");
    return head.append("\r\n");
}

std::string to_head(int status, const Headers& headers, std::uint64_t length, bool keep_alive) {
    constexpr std::array<std::string_view, 3> ours{"Content-Length", "Connection", "Transfer-Encoding"};
    std::string head;
    head.reserve(256);
    head.append("HTTP/1.1 ").append(std::to_string(status)).append(" ").append(reason(status)).append("\r\n");
    for (const Header& header : headers) {
        if (!is_one_of(header.name, ours)) append(head, header.name, header.value);
    }
    if (allows_body(status)) append(head, "Content-Length", std::to_string(length));
    append(head, "Connection", keep_alive ? "keep-alive" : "close");
    return head.append("\r\n");
}

bool allows_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace motionspool::http
