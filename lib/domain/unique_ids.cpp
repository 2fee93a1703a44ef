#include "domain/unique_ids.hpp"
#include "domain/names.hpp"

namespace motionspool::domain {
namespace {

/// @pre `base` is a good name; so is the answer, though it may have been cut
std::string with_suffix(std::string_view base, std::string_view suffix) {
    auto name = std::string{base} += suffix;
    constexpr std::size_t surely_short_enough = 100;
    return name.size() <= surely_short_enough ? name : derived_name(name);
}

}  // namespace

std::vector<std::string> UniqueIds::claim(std::string_view base, int takes) {
    std::vector<std::string> ids, keys;
    for (int take = 1; take <= takes; take++) {
        ids.push_back(take == 1 ? std::string{base} : with_suffix(base, "-t" + std::to_string(take)));
        keys.push_back(name_key(ids.back()));
        if (keys_.contains(keys.back())) return {};
    }
    keys_.insert(keys.begin(), keys.end());
    return ids;
}

std::vector<std::string> UniqueIds::claim_or_number(std::string_view base, int takes) {
    if (auto ids = claim(base, takes); !ids.empty()) return ids;
    constexpr int patience = 100;  // whoever has written that many of the numbers himself gets a bigger one, and no quadratic search
    auto& number = next_number_.try_emplace(name_key(base), 2).first->second;
    for (int tries = 1;; tries++) {
        if (auto ids = claim(with_suffix(base, "-" + std::to_string(number)), takes); !ids.empty()) return ids;
        number += tries < patience ? 1 : number;
    }
}

}  // namespace motionspool::domain
