#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>
#include "config/quantities.hpp"
#include "config/values.hpp"

namespace motionspool::config {

/// The keys of one group. Every key is asked for by name; what nobody asked for is unknown.
class Fields {
public:
    /// @param prefix of the names in messages: "limits." or nothing
    /// @pre `map` is a map and outlives this
    Fields(const Node& map, std::string prefix, Report&);
    Fields(const Fields&) = delete;
    Fields& operator=(const Fields&) = delete;

    [[nodiscard]] std::optional<Item> find(std::string_view key);
    /// Reads `key` into `into`, which keeps its value if the key is absent or wrong. `read` is one of values.hpp; its other arguments follow.
    template <typename T, typename Read, typename... Args>
    void read(std::string_view key, T& into, Read&& reader, Args&&... args) {
        const auto item = find(key);
        if (!item) return;
        if (auto value = std::invoke(std::forward<Read>(reader), *item, std::forward<Args>(args)..., report_)) into = std::move(*value);
    }
    /// Complains that a key is not there, at the group; not if an unknown key looks like a slip for it: that is said already.
    void missing(std::string_view key, std::string_view expected);
    /// Likewise, in other words.
    void lacks(std::string_view key, std::string text) { lacking_.push_back({key, std::move(text)}); }
    /// Complains about what is missing, and what nobody asked for.
    /// @param elsewhere a hint for keys that belong to another place; empty for others
    void finish(const std::function<std::string(std::string_view key)>& elsewhere = {});

private:
    struct Lacking {
        std::string_view key;
        std::string text;
    };
    [[nodiscard]] std::string unknown(const Node& key) const;
    const Node& map_;
    std::string prefix_;
    Report& report_;
    std::vector<std::string_view> known_;
    std::vector<bool> asked_;
    std::vector<Lacking> lacking_;
};

}  // namespace motionspool::config
