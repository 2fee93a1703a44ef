#pragma once
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <map>
#include <string>
#include "base/credits.hpp"

namespace motionspool::app {

/// Credits as a JSON number: whole ones as an integer, else with their fraction.
[[nodiscard]] boost::json::value as_json(Credits);
[[nodiscard]] boost::json::value as_json(const std::map<std::string, std::string>&);
/// JSON for people: two spaces a level, a line a member, a line end at the end.
[[nodiscard]] std::string pretty(const boost::json::value&);

}  // namespace motionspool::app
