#include "spool/matching.hpp"
#include <algorithm>
#include "domain/names.hpp"

namespace motionspool::spool {
namespace {

template <typename Key>
Match match_by(const std::vector<std::string>& on_disk, std::string_view written, Match::How how, Key key) {
    Match match;
    const auto wanted = key(written);
    for (const auto& name : on_disk)
        if (key(name) == wanted) match.several.push_back(name);
    if (match.several.size() > 1) match.how = Match::How::several;
    if (match.several.size() != 1) return match;
    match.how = how;
    match.name = std::move(match.several.front());
    match.several.clear();
    return match;
}

}  // namespace

Match match_name(const std::vector<std::string>& on_disk, std::string_view written) {
    if (std::find(on_disk.begin(), on_disk.end(), written) != on_disk.end()) return {Match::How::exactly, std::string{written}, {}};
    auto match = match_by(on_disk, written, Match::How::by_nfc, [](std::string_view name) { return domain::nfc(name); });
    if (match.how == Match::How::not_at_all)
        match = match_by(on_disk, written, Match::How::by_case, [](std::string_view name) { return domain::name_key(name); });
    return match;
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
