#include "config/fields.hpp"
#include <algorithm>
#include "base/text.hpp"
#include "config/scalars.hpp"
#include "config/syntax_error.hpp"

namespace motionspool::config {

namespace {
constexpr std::size_t most_slips = 1'000;  ///< keys that are looked at for one
}  // namespace

Fields::Fields(const Node& map, std::string prefix, Report& report)
    : map_{map}, prefix_{std::move(prefix)}, report_{report}, asked_(map.fields.size(), false) {}

std::optional<Item> Fields::find(std::string_view key) {
    if (std::ranges::find(known_, key) == known_.end()) known_.push_back(key);
    for (std::size_t i = 0; i < map_.fields.size(); i++) {
        if (map_.fields[i].key.text != key) continue;
        asked_[i] = true;
        return Item{prefix_ + std::string{key}, map_.fields[i].value};
    }
    return std::nullopt;
}

void Fields::missing(std::string_view key, std::string_view expected) {
    lacks(key, "`" + prefix_ + std::string{key} + "` is missing; expected " + std::string{expected});
}

void Fields::finish(const std::function<std::string(std::string_view)>& elsewhere) {
    std::vector<const Node*> strangers;
    for (std::size_t i = 0; i < map_.fields.size(); i++) {
        if (!asked_[i]) strangers.push_back(&map_.fields[i].key);
    }
    for (std::size_t i = 0; i < std::min(strangers.size(), most_slips) && !lacking_.empty(); i++)
        std::erase_if(lacking_, [&](const Lacking& one) { return one.key == nearest(strangers[i]->text, known_); });
    for (auto& one : lacking_) report_.error(map_.at, std::move(one.text));
    for (const auto* key : strangers) {
        if (report_.full()) {  // counted only: words for a hundred thousand keys would take a second
            report_.error(key->at, {});
            continue;
        }
        auto hint = elsewhere ? elsewhere(key->text) : std::string{};
        report_.error(key->at, hint.empty() ? unknown(*key) : std::move(hint));
    }
}

std::string Fields::unknown(const Node& key) const {
    const auto text = "unknown key " + in_quotes(key.text);
    if (const auto meant = nearest(key.text, known_); !meant.empty()) return text + "; did you mean \"" + std::string{meant} + "\"?";
    if (parse_integer(key.text)) return text + "; decimals are written with a point, as in 6.5";
    if (key.text.starts_with("\xC2\xA0")) return text + "; it begins with a no-break space, use ordinary spaces";
    if (begins_with_typographic_quote(key.text)) return text + "; typographic quotation marks do not quote, keys need none";
    if (key.text.find(':') != std::string::npos) return text + "; write a space behind the \":\" of a key";
    return text + "; expected " + one_of(known_);
}

}  // namespace motionspool::config
