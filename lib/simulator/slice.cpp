#include "simulator/slice.hpp"
#include <algorithm>
#include <charconv>
#include "base/text.hpp"

namespace motionspool::simulator {
namespace {

std::optional<std::uint64_t> number(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

}  // namespace

Slice slice_for(const http::Headers& headers, std::uint64_t size, std::string_view etag) {
    const Slice whole{200, 0, size};
    const Slice beyond{416, 0, 0};
    const auto range = http::find(headers, "Range");
    const auto condition = http::find(headers, "If-Range");
    if (!range || (condition && *condition != etag)) return whole;
    static constexpr std::string_view unit = "bytes=";
    const auto spec = trim(*range);
    const auto dash = spec.find('-');
    if (!spec.starts_with(unit) || dash == std::string_view::npos || spec.find(',') != std::string_view::npos) return whole;
    const auto first = number(spec.substr(unit.size(), dash - unit.size()));
    const auto last = number(spec.substr(dash + 1));
    if (!first) {  // the last so many bytes
        if (!last || dash != unit.size()) return whole;
        const auto count = std::min(*last, size);
        return count == 0 ? beyond : Slice{206, size - count, count};
    }
    if (!last && dash + 1 != spec.size()) return whole;
    if (last && *last < *first) return whole;
    if (*first >= size) return beyond;
    const auto end = last ? std::min(*last + 1, size) : size;
    return {206, *first, end - *first};
}

Served serve(const Visit& visit, const Content& content, std::string_view mime, bool ignore_range) {
    const auto slice = ignore_range ? Slice{200, 0, content.size()} : slice_for(visit.request.headers, content.size(), content.etag());
    Planned planned;
    auto& headers = planned.reply.headers;
    planned.reply.status = slice.status;
    headers.push_back({"Content-Type", std::string{mime}});
    headers.push_back({"ETag", content.etag()});
    headers.push_back({"Accept-Ranges", "bytes"});
    const auto size = std::to_string(content.size());
    if (slice.status == 416) headers.push_back({"Content-Range", "bytes */" + size});
    if (slice.status == 206)
        headers.push_back({"Content-Range", "bytes " + std::to_string(slice.from) + "-" + std::to_string(slice.from + slice.count - 1) + "/" + size});
    planned.reply.body = content.body(slice.from, slice.count);
    return {std::move(planned), slice};
}

}  // namespace motionspool::simulator
