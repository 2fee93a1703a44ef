#include "spool/claim.hpp"
#include <algorithm>
#include <cerrno>
#include "spool/files.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

constexpr const char* copy_start = ".copy-";
constexpr const char* taken_start = ".taken-";
constexpr unsigned most_numbers = 10'000;

std::string with_start(const char* start, const std::string& mark) { return joined(start + mark, ""); }

/// Renames into `.taking/` under the first free name. `error` is 0 or an errno.
struct Renamed {
    std::string name;
    int error = 0;
};
Renamed rename_into_taking(const Layout& layout, int from_folder, const std::string& from, const NameParts& parts) {
    for (unsigned n = 1; n < most_numbers; ++n) {
        auto name = numbered(parts, n);
        const int error = rename_new(from_folder, from, layout.taking.get(), name);
        if (error != EEXIST) return {std::move(name), error};
    }
    return {{}, EEXIST};
}

int sync_both(const Layout& layout) {
    const int error = sync_folder(layout.taking.get());
    return error != 0 ? error : sync_folder(layout.incoming.get());
}

/// A mark under which neither a copy nor a taken original exists, so that after a crash the two belong together.
std::string free_mark(const Layout& layout, const std::string& name) {
    const auto parts = parts_of(name, is_folder(layout.incoming.get(), name));
    for (unsigned n = 1;; ++n) {
        auto mark = numbered(parts, n);
        if (n == most_numbers || (!exists(layout.incoming.get(), with_start(taken_start, mark)) && !exists(layout.taking.get(), with_start(copy_start, mark))))
            return mark;
    }
}

}  // namespace

std::variant<Claimed, MustCopy, Problem> claim(const Layout& layout, const std::string& name) {
    const auto renamed = rename_into_taking(layout, layout.incoming.get(), name, parts_of(name, is_folder(layout.incoming.get(), name)));
    if (renamed.error == EACCES || renamed.error == EPERM || renamed.error == EXDEV) return MustCopy{};
    if (renamed.error != 0) return problem_of("cannot take " + shown(name) + " out of incoming/", renamed.error);
    if (const int error = sync_both(layout); error != 0) return problem_of("cannot record on disk that " + shown(name) + " was taken", error);
    return Claimed{renamed.name, false};
}

ClaimByCopy::ClaimByCopy(const Layout& layout, const std::string& name)
    : layout_{layout}, name_{name}, mark_{free_mark(layout, name)}, copy_{layout.incoming.get(), name, layout.taking.get(), with_start(copy_start, mark_)} {}

ClaimByCopy::~ClaimByCopy() {
    if (!over_) remove_tree(layout_.taking.get(), with_start(copy_start, mark_));
}

std::optional<Result<Claimed>> ClaimByCopy::step(const Enough& enough) {
    const auto copied = copy_.step(enough);
    if (!copied) return std::nullopt;
    if (!*copied) return Result<Claimed>{Problem{shown(name_) + " may not be moved, and copying it failed: " + copied->problem().text}};
    return take();
}

Result<Claimed> ClaimByCopy::take() {
    const auto copy = with_start(copy_start, mark_), taken = with_start(taken_start, mark_);
    if (const int error = sync_folder(layout_.taking.get()); error != 0) return problem_of("cannot copy " + shown(name_), error);
    const auto parts = parts_of(name_, is_folder(layout_.incoming.get(), name_));
    if (const int error = rename_new(layout_.incoming.get(), name_, layout_.incoming.get(), taken); error != 0)
        return Problem{problem_of(shown(name_) + " may be neither moved nor renamed", error).text +
                       "; it was not taken. Make it writable for the service's group, or copy it into incoming/ as the user who owns that folder"};
    over_ = true;
    if (const int error = sync_folder(layout_.incoming.get()); error != 0)
        return problem_of("cannot record on disk that " + shown(name_) + " was taken", error);
    const auto renamed = rename_into_taking(layout_, layout_.taking.get(), copy, parts);
    const int error = renamed.error != 0 ? renamed.error : sync_folder(layout_.taking.get());
    if (error != 0) return problem_of("cannot take the copy of " + shown(name_) + "; the next start tries again", error);
    return Claimed{renamed.name, true};
}

Result<std::vector<std::string>> finish_claims(const Layout& layout) {
    const int taking = layout.taking.get();
    for (const auto& name : names_in(taking)) {
        if (!name.starts_with(copy_start)) continue;
        const auto mark = name.substr(std::string_view{copy_start}.size());
        if (!exists(layout.incoming.get(), with_start(taken_start, mark))) {
            remove_tree(taking, name);
            continue;
        }
        const auto renamed = rename_into_taking(layout, taking, name, parts_of(mark, is_folder(taking, name)));
        if (renamed.error != 0) return problem_of("cannot take " + shown(mark) + ", copied before the last stop", renamed.error);
    }
    if (const int error = sync_both(layout); error != 0) return problem_of("cannot tidy .taking/", error);
    auto names = names_in(taking);
    std::erase_if(names, [](const std::string& name) { return name.starts_with('.'); });
    return names;
}

}  // namespace motionspool::spool
