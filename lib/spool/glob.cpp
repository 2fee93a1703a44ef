#include "spool/glob.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <algorithm>
#include <cerrno>
#include <iterator>
#include "spool/beneath.hpp"
#include "spool/files.hpp"
#include "spool/input.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

constexpr std::size_t most_matches = 10'000;

/// One expansion under way.
class Walk {
public:
    Walk(int root, std::vector<std::string> components, Listings& listings) : root_{root}, components_{std::move(components)}, listings_{listings} {}

    void from(const std::string& folder, std::size_t i) {
        const auto* const listing = listings_.of(root_, folder);
        if (listing == nullptr && is_trouble(errno)) trouble_ = errno;
        if (listing == nullptr || matches_.size() > most_matches) return;
        for (const auto& name : matching(*listing, components_[i])) {
            const auto path = folder.empty() ? name : folder + "/" + name;
            if (i + 1 < components_.size())
                from(path, i + 1);
            else if (is_file(path))
                matches_.push_back(path);
        }
    }
    [[nodiscard]] std::vector<std::string> matches() && { return std::move(matches_); }
    [[nodiscard]] int trouble() const { return trouble_; }  ///< 0, or an errno for which a folder or file was passed over

private:
    static std::vector<std::string> matching(const Listing& listing, const std::string& component) {
        if (component.find_first_of("*?[") == std::string::npos) {
            auto match = listing.find(component);
            return match.name.empty() ? std::vector<std::string>{} : std::vector{std::move(match.name)};
        }
        std::vector<std::string> names;
        std::ranges::copy_if(listing.names(), std::back_inserter(names),
                             [&](const std::string& name) { return glob_match(component, name) && !ignored(name) && !is_note(name); });
        return names;
    }
    [[nodiscard]] bool is_file(const std::string& path) {
        const auto opened = open_beneath(root_, path, O_PATH);
        struct stat facts {};
        if (is_trouble(opened.error)) trouble_ = opened.error;
        return opened.fd && ::fstat(opened.fd.get(), &facts) == 0 && S_ISREG(facts.st_mode);
    }
    int root_;
    std::vector<std::string> components_;
    Listings& listings_;
    std::vector<std::string> matches_;
    int trouble_ = 0;
};

}  // namespace

Tried<std::vector<std::string>> glob(int root, std::string_view pattern, Listings& listings) {
    const auto literal = open_exactly(root, pattern);
    if (const auto* const opened = std::get_if<OpenedInput>(&literal)) return std::vector{opened->path};
    const auto& refusal = std::get<Refusal>(literal);
    if (refusal.why == Refusal::Why::outside) return Problem{refusal.text};
    if (refusal.why == Refusal::Why::trouble) return ServerTrouble{refusal.text};
    auto components = components_of(pattern);
    if (std::find(components.begin(), components.end(), "..") != components.end()) return Problem{"contains \"..\" in a pattern; write the path without it"};
    if (components.empty() || components.size() > 32) return Problem{"is no pattern for files; expected something like \"cast/*.png\""};
    Walk walk{root, std::move(components), listings};
    walk.from("", 0);
    if (walk.trouble() != 0) return ServerTrouble{problem_of("cannot be looked for", walk.trouble()).text};
    auto matches = std::move(walk).matches();
    if (matches.size() > most_matches) return Problem{"matches more than " + std::to_string(most_matches) + " files; expected a narrower pattern"};
    for (const auto& match : matches) {
        if (const auto why = no_text(match)) return Problem{"matches \"" + escaped(match) + "\", whose name " + std::string{*why} + "; rename it"};
    }
    std::sort(matches.begin(), matches.end());
    return matches;
}

}  // namespace motionspool::spool
