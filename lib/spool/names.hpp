#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// Names of files, as the spool reads and makes them. Pure.
namespace motionspool::spool {

/// Droppings of editors, NAS boxes and sync tools: no drop, no stranger.
[[nodiscard]] bool ignored(std::string_view name);
/// Droppings that systems make and touch in any folder, by themselves and at any time: they say nothing about whether a copy is over.
[[nodiscard]] bool is_dropping(std::string_view name);
/// One of the files the daemon writes beside an entry: NAME.report.txt and so on.
[[nodiscard]] bool is_note(std::string_view name);
/// A regular file of that name in `incoming/` is such a note: NAME.report.txt, NAME.waiting.txt. Whatever else is called like a note was dropped.
[[nodiscard]] bool is_note_on_entry(std::string_view name);

/// How far a name is one of a manifest within a folder drop: `manifest.yaml`, `manifest.yml`, any case; with `.txt` behind (Notepad) it is taken with a
/// warning.
enum class ManifestName { no, yes, with_txt };
[[nodiscard]] ManifestName manifest_in_folder(std::string_view name);
/// The same for a manifest alone: `NAME.yaml`, `NAME.yml`, with or without `.txt` behind.
[[nodiscard]] ManifestName manifest_alone(std::string_view name);

/// An entry's name apart: `stem` and what comes behind it when a number or a note's suffix goes between. A folder has no extension; a manifest's is `.yaml`,
/// `.yml` or `.yaml.txt`, another file's whatever follows its last dot, if that is short.
struct NameParts {
    std::string stem, extension;
};
[[nodiscard]] NameParts parts_of(std::string_view name, bool folder);

/// "fox.yaml" → "fox.2.yaml"; `n` 1 is the name itself. Never longer than a file name may be (255 bytes): then the stem is cut and gets a hash.
[[nodiscard]] std::string numbered(const NameParts&, unsigned n);
/// `stem` + `suffix`, cut like that.
[[nodiscard]] std::string joined(std::string_view stem, std::string_view suffix);

/// What keeps a file's name from being written into manifests, ids and JSON: "is not UTF-8", "has a control character". Nothing if it is a text.
[[nodiscard]] std::optional<std::string_view> no_text(std::string_view name);
/// A name with every byte that is no UTF-8 and every control character as "\xFC": what is called so can be found by it.
[[nodiscard]] std::string escaped(std::string_view name);
/// A name as it may stand in JSON, which is UTF-8: other bytes become "?".
[[nodiscard]] std::string as_utf8(std::string_view name);

/// A name as it may stand in a message: control characters and bytes that are no UTF-8 become "?".
[[nodiscard]] std::string shown(std::string_view name);

}  // namespace motionspool::spool
