#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include "domain/media.hpp"

namespace motionspool::domain {

/// What a server said of a file it was asked about, without sending it.
struct RemoteFile {
    enum class Said {
        something,
        nothing,     ///< it does not answer, or not that question: no proof of anything
        not_there,   ///< 404, 410
        off_limits,  ///< the URL, or where it leads, is no address of the public Internet: the provider cannot fetch it, and we do not ask
    };
    Said said = Said::nothing;
    std::string why;                     ///< where it said nothing of use: "cdn.example answers HTTP 403"
    std::optional<std::uint64_t> bytes;  ///< nothing: not told
    std::string type;                    ///< "image/png", lower case, without parameters; empty: not told
};

/// May the file be an image, or a motion, as far as the server told? What it did not tell is no error; that it told nothing at all is a warning.
[[nodiscard]] Verdict judge_remote(const RemoteFile&, bool image);

}  // namespace motionspool::domain
