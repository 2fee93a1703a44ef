#pragma once
#include "simulator/answers.hpp"

namespace motionspool::simulator {

/// Which bytes of something a GET asks for.
struct Slice {
    int status = 200;  ///< 200, 206 or 416
    std::uint64_t from = 0, count = 0;
    friend bool operator==(const Slice&, const Slice&) = default;
};

/// RFC 9110, 14.2: one range of bytes. Several ranges, another unit, and an If-Range that is not this very ETag get the whole with 200; a range behind the end
/// gets 416.
[[nodiscard]] Slice slice_for(const http::Headers&, std::uint64_t size, std::string_view etag);

/// Answers with the bytes asked for. `count` bytes will be served, were nothing cut.
struct Served {
    Planned planned;
    Slice slice;
};
[[nodiscard]] Served serve(const Visit&, const Content&, std::string_view mime, bool ignore_range);

}  // namespace motionspool::simulator
