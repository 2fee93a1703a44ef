#pragma once
#include "simulator/world.hpp"

namespace motionspool::simulator {

/// Who is let in: everybody; whoever names a User-Agent; or who shows the API key, too.
enum class Door { open, agent, key };

struct Route {
    std::string_view method, path;  ///< a path that ends in a slash stands for all below it
    std::string_view kind;          ///< in the journal
    Door door;
    Planned (*handle)(World&, Visit&);
};

/// The route of a request, or null.
[[nodiscard]] const Route* find_route(std::string_view method, std::string_view path);

/// The answer to a request that is not let in; nothing if it is.
[[nodiscard]] std::optional<Planned> turned_away(const World&, Visit&, Door);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7).
[[nodiscard]] std::string http_date(Instant);

}  // namespace motionspool::simulator
