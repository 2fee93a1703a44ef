#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>
#include "base/result.hpp"
#include "spool/dir_stream.hpp"

namespace motionspool::spool {

/// Asked between small pieces of work: has this slice of the loop lasted long enough? (No handler runs longer than 10 ms.)
using Enough = std::function<bool()>;

/// What an entry of `incoming/` and everything in it looked like: names, kinds, sizes, modification times in ns, inodes. Equal means: nothing changed.
struct Fingerprint {
    std::uint64_t hash = 0, files = 0, bytes = 0;
    friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};

enum class EntryKind { folder, manifest, stranger };

/// Something people put into `incoming/`.
struct Entry {
    std::string name;
    EntryKind kind = EntryKind::stranger;
    Fingerprint print;
    std::string note_stem;  ///< notes about it are called this + ".report.txt": its name without extension, or all of it where a folder or another entry has
                            ///< that already
    std::vector<std::string> folders;  ///< itself and those in it, the first 64 of them; paths in `incoming/`
    std::string trouble;               ///< why part of it could not be read; empty if all could
};

/// One look at all of `incoming/`, in slices. It alone decides what is there; events only say when to look.
class Scan {
public:
    /// `incoming` must stay open meanwhile.
    explicit Scan(int incoming) : top_{incoming} {}
    /// Goes on until done or until it was enough, which is asked after each file, and after each step of putting them in order. @return whether it is done
    [[nodiscard]] bool step(const Enough& enough);
    /// @pre done. In the order of names.
    [[nodiscard]] const std::vector<Entry>& entries() const noexcept { return entries_; }
    [[nodiscard]] std::vector<Entry> take_entries() noexcept { return std::move(entries_); }
    /// Set if `incoming/` itself could not be read.
    [[nodiscard]] const std::optional<Problem>& trouble() const noexcept { return trouble_; }

private:
    struct Level {
        DirStream names;
        std::string path;
    };
    void take_top_level();
    void take_inner();
    void begin(const std::string& name);
    void enter(int parent, const std::string& name, const std::string& path);
    /// Decides how the notes of one entry are called; three rounds, one a kind.
    void name_note();
    /// Moves one entry to where entries() shows it. What a slice must not do at once, free a hundred thousand of them, is done here, too.
    void hand_over();

    DirStream top_;
    std::vector<Level> open_;  ///< the folders being walked, of the last entry
    std::map<std::string, Entry, std::less<>> found_;
    Entry* last_ = nullptr;  ///< of found_
    decltype(found_)::iterator at_;
    std::size_t named_ = 0;        ///< kinds whose notes have their names
    std::set<std::string> stems_;  ///< given away
    std::vector<Entry> entries_;
    std::optional<Problem> trouble_;
    bool walked_ = false, done_ = false;
};

}  // namespace motionspool::spool
