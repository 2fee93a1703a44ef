#include "spool/moves.hpp"
#include <fcntl.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include "spool/files.hpp"
#include "spool/names.hpp"

namespace motionspool::spool {
namespace {

constexpr std::array<std::string_view, 9> companions{
    "", ".yaml", ".yml", ".report.txt", ".report.json", ".report.html", ".status.txt", ".waiting.txt", ".again.yaml"};

/// Is nothing there yet that goes by this stem? Two drops of one stem would share their notes.
bool stem_is_free(int folder, const std::string& stem) {
    return std::none_of(companions.begin(), companions.end(), [&](std::string_view suffix) { return exists(folder, joined(stem, suffix)); });
}

}  // namespace

Result<std::string> move_entry(int from_folder, const std::string& name, int to_folder) {
    const auto parts = parts_of(name, is_folder(from_folder, name));
    for (unsigned n = 1; n < 1'000'000; ++n) {
        auto target = numbered(parts, n);
        if (is_note(target) || !stem_is_free(to_folder, numbered({parts.stem, {}}, n))) continue;
        const int moved = rename_new(from_folder, name, to_folder, target);
        if (moved == EEXIST) continue;
        if (moved != 0) return problem_of("cannot move " + shown(name), moved);
        const int at_target = sync_folder(to_folder), at_source = sync_folder(from_folder);
        if (at_target != 0 || at_source != 0)
            return problem_of("cannot record on disk that " + shown(name) + " was moved", at_target != 0 ? at_target : at_source);
        return target;
    }
    return Problem{"cannot move " + shown(name) + ": every number for its name is taken; clear up the folder it goes to"};
}

std::string note_name(int folder, const std::string& entry, std::string_view suffix) { return joined(parts_of(entry, is_folder(folder, entry)).stem, suffix); }

Done write_note(int folder, const std::string& entry, std::string_view suffix, std::string_view content) {
    return write_file(folder, note_name(folder, entry, suffix), content);
}

void remove_note(int folder, const std::string& entry, std::string_view suffix) { ::unlinkat(folder, note_name(folder, entry, suffix).c_str(), 0); }

}  // namespace motionspool::spool
