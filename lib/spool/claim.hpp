#pragma once
#include <string>
#include <variant>
#include <vector>
#include "spool/copy.hpp"
#include "spool/layout.hpp"

/// Taking a drop: from the moment it lies in `.taking/` it is ours, and nobody else's rename, copy or second thought can touch it.
namespace motionspool::spool {

struct Claimed {
    std::string name;     ///< in `.taking/`; differs from the entry's when a drop of that name is being taken already
    bool copied = false;  ///< the original may not be moved; it stays in `incoming/` as `.taken-…`
};
struct MustCopy {};  ///< it may not be moved: use ClaimByCopy

/// Renames `incoming/NAME` into `.taking/`, durably.
[[nodiscard]] std::variant<Claimed, MustCopy, Problem> claim(const Layout&, const std::string& name);

/// Copies what may not be moved, in slices. The rename of the original to `.taken-NAME` is the moment of taking: before it the original is still the drop,
/// after it the copy is, and finish_claims() completes it should the daemon die between.
class ClaimByCopy {
public:
    /// The layout must stay open.
    ClaimByCopy(const Layout& layout, const std::string& name);
    ClaimByCopy(const ClaimByCopy&) = delete;
    ClaimByCopy& operator=(const ClaimByCopy&) = delete;
    /// Removes a copy that was not finished.
    ~ClaimByCopy();
    /// @return nothing while there is more to do. A problem leaves the original where it is; nothing was taken.
    [[nodiscard]] std::optional<Result<Claimed>> step(const Enough& enough);

private:
    [[nodiscard]] Result<Claimed> take();
    const Layout& layout_;
    std::string name_, mark_;  ///< `.taken-` + mark is the original afterwards, `.copy-` + mark the copy until then
    TreeCopy copy_;
    bool over_ = false;
};

/// At start: completes or removes copies that were under way, and lists what lies in `.taking/`, in the order of names.
[[nodiscard]] Result<std::vector<std::string>> finish_claims(const Layout&);

}  // namespace motionspool::spool
