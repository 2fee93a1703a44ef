#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

// The one table of sentences that prove something about a submission. A word somewhere in a text proves nothing, however telling it looks: what is said about
// a queue, a worker or a record being saved may be said after the task was made.
namespace motionspool::domain {

/// Why there is no task. Those about a parameter may begin with the name of a field of ours.
enum class Says : std::uint8_t { bad_parameter, field_required, credits, key_limit, throttle, no_upper_body, no_character, image_fetch };
[[nodiscard]] bool about_parameter(Says);

/// Where a sentence is from: the provider's documentation, a client's author who says it was measured, or an answer quoted whole in a public client.
enum class Source : std::uint8_t { documented, measured, quoted };

/// A line of the table. In `text` the word # stands for any number, FIELD for a field's name.
struct KnownSentence {
    std::string_view text;
    Says says;
    Source source;
};
[[nodiscard]] std::span<const KnownSentence> known_sentences();
/// Every name under which the provider may speak of a part of our request: "mode", "input.mode", …
[[nodiscard]] std::span<const std::string_view> our_fields();

/// @param text an error's whole text; upper and lower case, the length of blanks and final punctuation are folded, nothing else is.
/// @return nothing unless it is a sentence of the table, or FIELD and one about a parameter
[[nodiscard]] std::optional<Says> proof_in(std::string_view text);

}  // namespace motionspool::domain
