#include "spool/owner.hpp"
#include <fcntl.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include "base/text.hpp"
#include "spool/dir_stream.hpp"
#include "spool/files.hpp"

namespace motionspool::spool {
namespace {

constexpr const char* owner_name = ".owner";
constexpr std::uint64_t longest_owner_file = 4096;

/// lost+found is what a new file system begins with; it never holds a drop.
constexpr std::array<std::string_view, 6> bare_folders{"incoming", "accepted", "rejected", "finished", ".taking", "lost+found"};

bool is_bare_folder(int root, const std::string& name) {
    if (name == ".lock") return true;  // a daemon's that did not get any further
    if (std::find(bare_folders.begin(), bare_folders.end(), name) == bare_folders.end() || !is_folder(root, name)) return false;
    const auto folder = open_folder(root, name);
    return name == "lost+found" || (folder && names_in(folder.get()).empty());
}

std::string line_of(const std::string& text, std::string_view key) {
    auto start = text.find(key);
    while (start != std::string::npos && start > 0 && text[start - 1] != '\n') start = text.find(key, start + 1);
    if (start == std::string::npos) return {};
    const auto from = start + key.size();
    return std::string{trim(std::string_view{text}.substr(from, text.find('\n', from) - from))};
}

}  // namespace

Result<SpoolFacts> look_at_spool(int root) {
    SpoolFacts facts;
    const auto names = names_in(root);
    facts.bare = std::all_of(names.begin(), names.end(), [root](const std::string& name) { return is_bare_folder(root, name); });
    facts.laid_out = is_folder(root, "incoming") && is_folder(root, "accepted");
    const UniqueFd file{::openat(root, owner_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)};
    if (!file && errno == ENOENT) return facts;
    if (!file) return problem_of("cannot read the spool's .owner file", errno);
    auto text = read_all(file.get(), longest_owner_file);
    if (!text) return Problem{"the spool's .owner file " + text.problem().text};
    facts.owner_file = std::move(*text);
    return facts;
}

std::string to_text(const Owner& owner) {
    return "instance: " + owner.instance + "\nstate: " + owner.state + "\n" + (owner.directory.empty() ? "" : "directory: " + owner.directory + "\n");
}

std::optional<Owner> parse_owner(const std::string& text) {
    Owner owner{.instance = line_of(text, "instance:"), .state = line_of(text, "state:"), .directory = line_of(text, "directory:")};
    if (owner.state.empty()) return std::nullopt;
    return owner;
}

Ownership judge_owner(const SpoolFacts& facts, const Owner& me, bool known) {
    using Kind = Ownership::Kind;
    if (!facts.owner_file) return {.kind = known ? Kind::not_mounted : facts.bare ? Kind::fresh : Kind::occupied};
    const auto owner = parse_owner(*facts.owner_file);
    if (!owner) return {.kind = Kind::foreign, .owner = "an unreadable .owner file"};
    if (owner->state == me.state) return {.kind = Kind::ours, .ours_of = owner->directory, .outdated = *owner != me};
    const auto instance = owner->instance.empty() ? "an unnamed instance" : "the instance \"" + owner->instance + "\"";
    return {.kind = Kind::foreign,
            .owner = instance + (owner->directory.empty() ? " (state id " + owner->state + ")" : " (state directory " + owner->directory + ")")};
}

Done write_owner(int root, const Owner& me) { return write_file(root, owner_name, to_text(me)); }

}  // namespace motionspool::spool
