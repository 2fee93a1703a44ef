#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include "base/credits.hpp"

namespace motionspool::simulator {

/// A JSON string, quotes included.
[[nodiscard]] std::string json_quoted(std::string_view);

/// Writes one JSON object, its keys in the order given. Text and not a tree, so that amounts look as the real API writes them (812.5, not 8.125E2).
class ObjectText {
public:
    ObjectText& text(std::string_view key, std::string_view value) { return raw(key, json_quoted(value)); }
    ObjectText& number(std::string_view key, std::int64_t value) { return raw(key, std::to_string(value)); }
    ObjectText& flag(std::string_view key, bool value) { return raw(key, value ? "true" : "false"); }
    ObjectText& credits(std::string_view key, Credits value) { return raw(key, to_string(value)); }
    /// @pre `json` is one JSON value
    ObjectText& raw(std::string_view key, std::string_view json);
    /// Everything of another object behind what is there.
    ObjectText& all_of(const ObjectText& other);
    [[nodiscard]] std::string str() const { return "{" + members_ + "}"; }

private:
    std::string members_;
};

}  // namespace motionspool::simulator
