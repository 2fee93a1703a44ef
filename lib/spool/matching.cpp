#include "spool/matching.hpp"
#include <algorithm>
#include <functional>
#include "base/text.hpp"
#include "domain/names.hpp"

namespace motionspool::spool {
namespace {
constexpr std::size_t most_comparisons = 50'000;
}  // namespace

Listing::Listing(std::vector<std::string> on_disk) : names_{std::move(on_disk)} {
    std::ranges::sort(names_);
    for (std::size_t i = 0; i < names_.size(); i++) {
        by_nfc_[domain::nfc(names_[i])].push_back(i);
        by_case_[domain::name_key(names_[i])].push_back(i);
    }
}

Match Listing::find(std::string_view written) const {
    if (std::ranges::binary_search(names_, written, std::less<>{})) return {Match::How::exactly, std::string{written}, {}};
    const auto among = [&](const Keys& keys, const std::string& key, Match::How how) {
        Match match;
        const auto found = keys.find(key);
        if (found == keys.end()) return match;
        if (found->second.size() == 1) return Match{how, names_[found->second.front()], {}};
        match.how = Match::How::several;
        for (const auto index : found->second) match.several.push_back(names_[index]);
        return match;
    };
    auto match = among(by_nfc_, domain::nfc(written), Match::How::by_nfc);
    if (match.how == Match::How::not_at_all) match = among(by_case_, domain::name_key(written), Match::How::by_case);
    return match;
}

std::string_view Listing::meant(std::string_view written) const {
    comparisons_ += names_.size();
    if (comparisons_ > most_comparisons) return {};
    const std::vector<std::string_view> candidates{names_.begin(), names_.end()};
    return nearest(written, candidates);
}

std::vector<std::string> components_of(std::string_view path) {
    std::vector<std::string> components;
    while (!path.empty()) {
        const auto slash = std::min(path.find('/'), path.size());
        if (const auto name = path.substr(0, slash); !name.empty() && name != ".") components.emplace_back(name);
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return components;
}

}  // namespace motionspool::spool
