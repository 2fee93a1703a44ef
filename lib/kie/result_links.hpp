#pragma once
#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace motionspool::kie {
namespace json = boost::json;

/// The links to a finished task's video in the `data` of a recordInfo, the likeliest first: documented is `resultJson`, a JSON text of {"resultUrls": [link]};
/// seen at this or sister gateways are an object, a text within a text, one link instead of a list, objects with `url`, a bare list, `resultUrl`, `video_url`,
/// empty entries and covers. Paths that end as videos do come first, then those without an ending, then unknown ones; pictures, and what the task was
/// given (`param`), never.
[[nodiscard]] std::vector<std::string> result_links(const json::object& data);

}  // namespace motionspool::kie
