#include "config/config_values.hpp"
#include <algorithm>
#include <array>
#include <filesystem>
#include "base/text.hpp"
#include "config/web_address.hpp"

namespace motionspool::config {
namespace {

constexpr std::size_t most_path_bytes = 4'000;
constexpr std::size_t most_socket_path_bytes = 107;  // sockaddr_un::sun_path, with its NUL

std::nullopt_t refuse(const Item& item, const std::string& what, Report& report) {
    report.error(item.at(), subject(item) + " " + what);
    return std::nullopt;
}

bool has_component(std::string_view path, std::string_view wanted) {
    for (;;) {
        const auto slash = path.find('/');
        if (path.substr(0, slash) == wanted) return true;
        if (slash == std::string_view::npos) return false;
        path.remove_prefix(slash + 1);
    }
}

void take_off_slashes(std::string& path) {
    while (path.size() > 1 && path.ends_with('/')) path.pop_back();
}

std::optional<std::string> absolute(const Item& item, std::string path, Report& report) {
    if (!path.starts_with('/')) return refuse(item, "is " + in_quotes(path) + "; expected an absolute path, one that begins with \"/\"", report);
    if (has_component(path, "..")) return refuse(item, "is " + in_quotes(path) + "; expected a path without \"..\"", report);
    if (path.size() > most_path_bytes) return refuse(item, "is a path of " + std::to_string(path.size()) + " bytes; at most 4000 are allowed", report);
    take_off_slashes(path);
    return path;
}

/// What is wrong with the placeholders; empty if nothing is.
std::string placeholder_problem(std::string_view pattern) {
    constexpr std::array<std::string_view, 3> known{"batch", "job", "date"};
    while (!pattern.empty()) {
        const auto open = pattern.find_first_of("{}");
        if (open == std::string_view::npos) break;
        const auto close = pattern.find('}', open);
        if (pattern[open] == '}' || close == std::string_view::npos)
            return "has a single \"" + std::string{pattern[open]} + "\"; expected {batch}, {job} or {date}";
        const auto name = pattern.substr(open + 1, close - open - 1);
        if (std::ranges::find(known, name) == known.end()) return "has an unknown placeholder {" + shortened(name) + "}; expected {batch}, {job} or {date}";
        pattern.remove_prefix(close + 1);
    }
    return {};
}

std::string pattern_problem(std::string_view pattern) {
    if (auto problem = placeholder_problem(pattern); !problem.empty()) return problem;
    if (pattern.find("{job}") == std::string_view::npos) return "does not contain {job}; without it all jobs of a batch would have one name";
    if (pattern.starts_with('/')) return "is an absolute path; expected one relative to output.directory";
    for (const std::string_view component : {"", ".", ".."})
        if (has_component(pattern, component)) return "has an empty, \".\" or \"..\" component; expected a plain path such as {batch}/{job}.mp4";
    if (pattern.size() > 200) return "has " + std::to_string(pattern.size()) + " bytes; at most 200 are allowed";
    return {};
}

std::optional<std::vector<std::string>> read_host_list(const Item& list, bool needs_dot, Report& report) {
    const auto items = read_list(list, report);
    if (!items) return std::nullopt;
    std::vector<std::string> hosts;
    for (const auto& item : *items) {
        const auto text = read_text(item, report);
        if (!text) continue;
        auto host = lower_ascii(*text);
        const bool good = is_host(host) && !host.ends_with('.');
        if (!good)
            refuse(item, "is " + in_quotes(*text) + "; expected a host name such as kie.ai, without scheme, port or \"*\"", report);
        else if (needs_dot && host != "localhost" && host.find_first_of(".:") == std::string::npos)
            refuse(item, "is " + in_quotes(*text) + "; expected a name with a dot, such as kie.ai", report);
        else
            hosts.push_back(std::move(host));
    }
    return hosts;
}

}  // namespace

std::optional<std::string> read_line(const Item& item, Report& report) {
    auto text = read_text(item, report);
    if (!text) return std::nullopt;
    if (text->find_first_of("\n\t") != std::string::npos) return refuse(item, "has a line end or tab in it; expected one line of text", report);
    if (text->size() > most_path_bytes) return refuse(item, "has " + std::to_string(text->size()) + " bytes; at most 4000 are allowed", report);
    return text;
}

std::optional<std::string> read_absolute_path(const Item& item, Report& report) {
    auto text = read_line(item, report);
    return text ? absolute(item, std::move(*text), report) : std::nullopt;
}

std::optional<std::string> read_absolute_path_or_empty(const Item& item, Report& report) {
    auto text = read_line(item, report);
    return text && !text->empty() ? absolute(item, std::move(*text), report) : text;
}

std::optional<std::vector<std::string>> read_absolute_paths(const Item& list, Report& report) {
    const auto items = read_list(list, report);
    if (!items) return std::nullopt;
    std::vector<std::string> paths;
    for (const auto& item : *items) {
        auto path = read_absolute_path(item, report);
        if (path && std::ranges::find(paths, *path) != paths.end())
            refuse(item, "is listed twice: " + in_quotes(*path), report);
        else if (path)
            paths.push_back(std::move(*path));
    }
    return paths;
}

std::optional<std::string> read_name_pattern(const Item& item, Report& report) {
    auto text = read_line(item, report);
    if (!text) return std::nullopt;
    if (const auto problem = pattern_problem(*text); !problem.empty()) return refuse(item, problem, report);
    return text;
}

std::optional<std::string> read_origin(const Item& item, Report& report) {
    auto text = read_line(item, report);
    if (!text) return std::nullopt;
    const auto address = parse_web_address(*text);
    if (!address) return refuse(item, address.problem().text, report);
    if (!address->path.empty() && address->path != "/") return refuse(item, "has a path; expected https://HOST or https://HOST:PORT only", report);
    take_off_slashes(*text);
    return text;
}

std::optional<std::string> read_url_or_empty(const Item& item, Report& report) {
    auto text = read_line(item, report);
    if (!text || text->empty()) return text;
    const auto address = parse_web_address(*text);
    if (!address) return refuse(item, address.problem().text, report);
    if (address->path.find_first_of("?#") != std::string::npos) return refuse(item, "has a query or fragment; expected a URL without \"?\" and \"#\"", report);
    take_off_slashes(*text);
    return text;
}

std::optional<std::vector<std::string>> read_hosts(const Item& item, Report& report) { return read_host_list(item, false, report); }
std::optional<std::vector<std::string>> read_host_suffixes(const Item& item, Report& report) { return read_host_list(item, true, report); }

std::optional<std::string> read_listen(const Item& item, Report& report) {
    auto text = read_line(item, report);
    if (!text || text->empty() || is_host_and_port(*text)) return text;
    return refuse(item, "is " + in_quotes(*text) + "; expected HOST:PORT such as 127.0.0.1:8377, or \"\" for none", report);
}

std::optional<std::string> read_listen_or_unix(const Item& item, Report& report) {
    auto text = read_line(item, report);
    if (!text || text->empty() || is_host_and_port(*text)) return text;
    if (text->starts_with("unix:/") && text->size() <= most_socket_path_bytes + 5) return text;
    return refuse(item, "is " + in_quotes(*text) + "; expected HOST:PORT, unix:/PATH (at most 107 bytes), or \"\" for none", report);
}

std::optional<std::string> read_socket_path(const Item& item, Report& report) {
    auto path = read_absolute_path(item, report);
    if (path && path->size() > most_socket_path_bytes)
        return refuse(item, "is a path of " + std::to_string(path->size()) + " bytes; a socket's has at most 107", report);
    return path;
}

std::optional<std::string> read_timezone(const Item& item, Report& report) {
    auto text = read_line(item, report);
    if (!text || *text == "system") return text;
    const bool plain = !text->empty() && !text->starts_with('/') && !has_component(*text, "..") && !has_component(*text, ".");
    std::error_code error;
    if (plain && std::filesystem::is_regular_file(std::filesystem::path{"/usr/share/zoneinfo"} / *text, error)) return text;
    return refuse(item, "is " + in_quotes(*text) + ", which is not under /usr/share/zoneinfo; expected a name such as Europe/Berlin, or system", report);
}

}  // namespace motionspool::config
