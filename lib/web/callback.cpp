#include "web/callback.hpp"
#include <algorithm>
#include <charconv>
#include "base/seeded.hpp"
#include "base/text.hpp"
#include "domain/evidence.hpp"
#include "kie/evidence.hpp"
#include "system/hmac.hpp"

namespace motionspool::web {
namespace {

/// The only header of that name, if there is exactly one.
std::optional<std::string_view> only(const http::Headers& headers, std::string_view name) {
    const auto count = std::ranges::count_if(headers, [&](const http::Header& header) { return equal_ignoring_case(header.name, name); });
    return count == 1 ? http::find(headers, name) : std::nullopt;
}

/// Unix seconds: digits alone, so that the signed text can be read in one way only.
std::optional<Instant> read_timestamp(std::string_view text) {
    std::int64_t seconds = 0;
    const bool digits = !text.empty() && text.size() <= 12 && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    if (!digits || std::from_chars(text.data(), text.data() + text.size(), seconds).ec != std::errc{}) return std::nullopt;
    return Instant{std::chrono::seconds{seconds}};
}

}  // namespace

std::string_view path_for(std::string_view target, std::span<const std::string> paths) {
    const auto fits = std::ranges::find_if(paths, [&](const std::string& path) { return domain::token_in(target, path).has_value(); });
    return fits == paths.end() ? paths.front() : *fits;
}

std::variant<Callback, NoCallback> read_callback(const http::Request& request, std::string_view path, const std::optional<system::Secret>& key) {
    if (request.method != "POST") return NoCallback{"its method is not POST"};
    auto secret = domain::token_in(request.target, path);
    if (!secret) return NoCallback{"its path is none of a callback"};
    const auto* body = std::get_if<std::string>(&request.body);
    auto task = body == nullptr ? std::nullopt : kie::read_callback(*body);
    if (!task) return NoCallback{"its body names no task"};
    if (!key || seeded("unsigned-callback")) return Callback{std::move(*secret), std::move(*task), {}};
    const auto timestamp = only(request.headers, "X-Webhook-Timestamp"), signature = only(request.headers, "X-Webhook-Signature");
    if (!timestamp || !signature) return NoCallback{"it is not signed"};
    const auto signed_at = read_timestamp(*timestamp);
    const auto expected = system::hmac_sha256_base64(key->reveal(), *task + "." + std::string{*timestamp});
    if (!signed_at || !system::same_secret(*signature, expected)) return NoCallback{"its signature is wrong"};
    return Callback{std::move(*secret), std::move(*task), signed_at};
}

}  // namespace motionspool::web
