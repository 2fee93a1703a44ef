#include "domain/selection.hpp"
#include "domain/names.hpp"

namespace motionspool::domain {
namespace {

bool continues(char byte) { return (static_cast<unsigned char>(byte) & 0xC0u) == 0x80u; }

/// The place behind the character at `at`.
std::size_t behind(std::string_view text, std::size_t at) {
    do at++;
    while (at < text.size() && continues(text[at]));
    return at;
}

/// Goes back to the last `*` only, so it takes at most (pattern × name) steps.
bool fits(std::string_view pattern, std::string_view name) {
    std::size_t p = 0, n = 0, star = pattern.size(), star_n = 0;
    while (n < name.size()) {
        if (p < pattern.size() && pattern[p] == '?') {
            p++;
            n = behind(name, n);
        } else if (p < pattern.size() && pattern[p] == '*') {
            star = p++;
            star_n = n;
        } else if (p < pattern.size() && pattern[p] == name[n]) {
            p++;
            n++;
        } else if (star < pattern.size()) {
            p = star + 1;
            n = star_n = behind(name, star_n);
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

}  // namespace

Result<Selection> parse_selection(std::string_view text) {
    const std::string expected = "; expected BATCH, BATCH/JOB or a glob such as BATCH/fox-*";
    const auto shown = "\"" + std::string{text} + "\"";
    const auto slash = text.find('/');
    const auto batch = text.substr(0, slash);
    if (batch.empty()) return Problem{shown + " names no batch" + expected};
    if (batch.find_first_of("*?") != std::string_view::npos) return Problem{shown + " has a glob for a batch; name the batch" + expected};
    if (slash == std::string_view::npos) return Selection{name_key(batch), std::nullopt};
    const auto jobs = text.substr(slash + 1);
    if (jobs.empty() || jobs.find('/') != std::string_view::npos) return Problem{shown + " names no job" + expected};
    return Selection{name_key(batch), name_key(jobs)};
}

bool selects(const Selection& selection, std::string_view name_key) { return !selection.pattern || fits(*selection.pattern, name_key); }

bool names_one(const Selection& selection) { return selection.pattern && selection.pattern->find_first_of("*?") == std::string::npos; }

}  // namespace motionspool::domain
