#pragma once
#include <optional>
#include <string>
#include "base/result.hpp"

/// Whose spool is it? Two daemons on one spool would pay twice.
namespace motionspool::spool {

/// Whom a spool belongs to. `state` is the id of the state directory and decides; the others are for people.
struct Owner {
    std::string instance, state;
    std::string directory;  ///< the state directory; empty in files of versions that did not write it
    friend bool operator==(const Owner&, const Owner&) = default;
};

/// What is in the spool's directory, as far as it matters here.
struct SpoolFacts {
    std::optional<std::string> owner_file;  ///< its text
    bool bare = false;                      ///< nothing but empty folders of the layout (packages make them)
    bool laid_out = false;                  ///< it has a spool's folders
};
[[nodiscard]] Result<SpoolFacts> look_at_spool(int root);

struct Ownership {
    enum class Kind {
        ours,
        fresh,        ///< nobody's, and bare: write_owner() may make it ours
        foreign,      ///< another state directory's: refuse, naming it and `run --take-over`
        not_mounted,  ///< we have known this spool, and there is no owner file: wait
        occupied      ///< nobody's, but there are things in it: refuse, it is probably the wrong directory
    };
    Kind kind = Kind::ours;
    std::string owner;      ///< for people, of a foreign one
    std::string ours_of{};  ///< the state directory that one of ours names; empty: none, or not ours
    bool outdated = false;  ///< ours, and the file does not say what people should read: write it anew
    friend bool operator==(const Ownership&, const Ownership&) = default;
};
/// @param known whether this state directory has ever used the spool
[[nodiscard]] Ownership judge_owner(const SpoolFacts&, const Owner& me, bool known);

[[nodiscard]] std::string to_text(const Owner&);
/// Nothing if the text is no owner file's.
[[nodiscard]] std::optional<Owner> parse_owner(const std::string& text);
/// Makes the spool ours, durably.
[[nodiscard]] Done write_owner(int root, const Owner& me);

}  // namespace motionspool::spool
