#pragma once
#include <string>
#include <string_view>
#include "base/result.hpp"

/// Where drops go, and the notes beside them.
namespace motionspool::spool {

/// Moves an entry to another of the spool's folders, durably in both. A name is free if neither it nor any note or entry of the same stem is there (a note lies
/// beside each and is named after it) and it is not a note's name, as of a dropped "fox.again.yaml"; else it gets `.2`, `.3`, … before its extension. Nothing
/// is ever overwritten.
/// @return the name it has there
[[nodiscard]] Result<std::string> move_entry(int from_folder, const std::string& name, int to_folder);

/// The file beside an entry: ("fox.2.yaml", ".report.txt") → "fox.2.report.txt". `folder` is the one the entry lies in.
[[nodiscard]] std::string note_name(int folder, const std::string& entry, std::string_view suffix);

/// Writes (replaces) the file beside an entry, durably. Suffixes: .report.txt .report.json .report.html .status.txt .waiting.txt .again.yaml
[[nodiscard]] Done write_note(int folder, const std::string& entry, std::string_view suffix, std::string_view content);
/// Removes it, if it is there.
void remove_note(int folder, const std::string& entry, std::string_view suffix);

}  // namespace motionspool::spool
