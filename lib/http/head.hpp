#pragma once
#include <string>
#include "http/message.hpp"

namespace motionspool::http {

/// Why the head cannot be sent: a line break or another control character in it would change its meaning. Nothing if it can.
[[nodiscard]] std::optional<std::string> head_problem(const Request&);
[[nodiscard]] std::optional<std::string> head_problem(int status, const Headers&);

[[nodiscard]] std::uint64_t length_of(const std::variant<std::string, FileBody>& body);

/// The request's first bytes up to the empty line, ready to send.
/// @pre !head_problem(request)
[[nodiscard]] std::string to_head(const Request& request, const Origin& origin, const std::string& user_agent, bool keep_alive);

/// The answer's first bytes up to the empty line. Content-Length is left out where the status allows no body.
/// @pre !head_problem(status, headers)
[[nodiscard]] std::string to_head(int status, const Headers& headers, std::uint64_t length, bool keep_alive);

/// 1xx, 204 and 304 (RFC 9110, 6.4.1)
[[nodiscard]] bool allows_body(int status);

/// "Not Found"; "Unknown" for a status of nobody's
[[nodiscard]] std::string_view reason(int status);

}  // namespace motionspool::http
