#pragma once
// A value of the tree -> a typed one in its range, or a complaint that says what it is and what was expected.
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include "config/yaml.hpp"

namespace motionspool::config {

/// A value and what it is called in messages: a key, "limits.running", or a phrase, "an entry of `jobs`".
struct Item {
    std::string name;
    const Node& node;
    [[nodiscard]] Offset at() const { return node.at; }
};

/// What a sentence about the item begins with: the key in backticks, or the phrase.
[[nodiscard]] std::string subject(const Item&);

/// "`priority` is "high"; expected a whole number", with a hint where the slip is a common one.
void complain_wrong(const Item&, std::string_view expected, Report&);

/// The text of a value that must stand without quotes (a number, a boolean); nothing, and a complaint, for any other.
[[nodiscard]] const std::string* plain_text(const Item&, std::string_view expected, Report&);
/// The text of a value that may stand in quotes or not (a duration, a size); nothing, and a complaint, for any other.
[[nodiscard]] const std::string* any_text(const Item&, std::string_view expected, Report&);

/// Text as it is; plain numbers and booleans are text, too. Complains about what is not text, typographic quotation marks around all of it, and a "#" that cuts
/// it off.
[[nodiscard]] std::optional<std::string> read_text(const Item&, Report&);
/// Likewise for text in sentences, where even an ordinary comment is doubtful (a warning).
[[nodiscard]] std::optional<std::string> read_prose(const Item&, std::size_t most_characters, Report&);

[[nodiscard]] std::optional<bool> read_boolean(const Item&, Report&);
/// The position of the word among `words`; complains with "expected a, b or c", and "did you mean".
[[nodiscard]] std::optional<std::size_t> read_choice(const Item&, std::span<const std::string_view> words, Report&);
/// Is it the plain word `none`?
[[nodiscard]] bool is_none(const Node&);

/// The items of a list, each called after the list: "an entry of `spool.media_roots`"; nothing (and a complaint) if it is none.
[[nodiscard]] std::optional<std::vector<Item>> read_list(const Item&, Report&);
[[nodiscard]] bool require_map(const Item&, std::string_view expected, Report&);

/// `x`, `y` or `z`
[[nodiscard]] std::string one_of(std::span<const std::string_view> words);
/// What fits in a message.
[[nodiscard]] std::string shortened(std::string_view);
/// Likewise, in double quotes.
[[nodiscard]] std::string in_quotes(std::string_view);

}  // namespace motionspool::config
