#pragma once
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include "base/result.hpp"
#include "base/unique_fd.hpp"

namespace motionspool::app {

/// Remembers what is being read at this moment, so that a file that kills the daemon does so twice at most: the drop of it is then set aside unread.
///
/// One small file in the state directory, rewritten in place before anything of a drop is read and once it has been. It outlives the process, not the machine:
/// a power cut blames nobody. Whoever kills the daemon blames the drop that was being read at that moment, and no other.
class Strikes {
public:
    /// Without the file (it cannot be made) nobody is ever blamed, and that is logged.
    explicit Strikes(const std::filesystem::path& file);
    /// At start: the drop that was being read when the last process died gets a strike.
    void recover();

    /// While it lives, something of that drop is being read. Drops are told apart by their names in incoming/ or .taking/.
    class Reading {
    public:
        Reading(Strikes& strikes, const std::string& drop) : strikes_{strikes} { strikes_.begin(drop); }
        Reading(const Reading&) = delete;
        Reading& operator=(const Reading&) = delete;
        ~Reading() { strikes_.end(); }

    private:
        Strikes& strikes_;
    };
    /// Which file of it is read now.
    void reading(const std::string& file);
    /// What was being read when the daemon died, if that happened twice with this drop.
    [[nodiscard]] std::optional<std::string> out(const std::string& drop) const;
    /// It was read to the end, or set aside: it is as good as new.
    void forget(const std::string& drop);

private:
    struct Strike {
        int count = 0;
        std::string file;
    };
    void begin(const std::string& drop);
    void end();
    void write();
    UniqueFd file_;
    std::size_t length_ = 0;  ///< of what stands in it
    std::string key_, now_;   ///< of the drop that is being read, and its file; empty: none
    std::map<std::string, Strike> strikes_;
};

/// Why such a drop is in rejected/, for people. @param file what was being read
[[nodiscard]] std::string struck_out_text(const std::string& file);

}  // namespace motionspool::app
