#pragma once
// Kinds of values that only the configuration has.
#include <optional>
#include <string>
#include <vector>
#include "config/values.hpp"

namespace motionspool::config {

/// An absolute path without "..", slashes at its end taken off.
[[nodiscard]] std::optional<std::string> read_absolute_path(const Item&, Report&);
/// Likewise, or an empty text.
[[nodiscard]] std::optional<std::string> read_absolute_path_or_empty(const Item&, Report&);
/// A list of absolute paths that differ.
[[nodiscard]] std::optional<std::vector<std::string>> read_absolute_paths(const Item&, Report&);
/// A relative path with {job}, and maybe {batch} and {date}.
[[nodiscard]] std::optional<std::string> read_name_pattern(const Item&, Report&);
/// SCHEME://HOST[:PORT] of a server; a slash at the end is taken off.
[[nodiscard]] std::optional<std::string> read_origin(const Item&, Report&);
/// A URL or an empty text; a slash at the end is taken off.
[[nodiscard]] std::optional<std::string> read_url_or_empty(const Item&, Report&);
/// A list of host names, lower case.
[[nodiscard]] std::optional<std::vector<std::string>> read_hosts(const Item&, Report&);
/// Like read_hosts(), but a name must have a dot: "com" would be half the world.
[[nodiscard]] std::optional<std::vector<std::string>> read_host_suffixes(const Item&, Report&);
/// HOST:PORT or an empty text.
[[nodiscard]] std::optional<std::string> read_listen(const Item&, Report&);
/// HOST:PORT, unix:/PATH or an empty text.
[[nodiscard]] std::optional<std::string> read_listen_or_unix(const Item&, Report&);
/// An absolute path that fits in a socket address.
[[nodiscard]] std::optional<std::string> read_socket_path(const Item&, Report&);
/// "system" or a name under /usr/share/zoneinfo.
[[nodiscard]] std::optional<std::string> read_timezone(const Item&, Report&);
/// A line of text that may be empty.
[[nodiscard]] std::optional<std::string> read_line(const Item&, Report&);

}  // namespace motionspool::config
