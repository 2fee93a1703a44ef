#include "domain/manifest.hpp"
#include <algorithm>

namespace motionspool::domain {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool belongs_to_scheme(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; }

}  // namespace

std::string to_string(Finish finish) {
    switch (finish) {
        case Finish::none: return "none";
        case Finish::ask: return "ask";
    }
    return "";
}

bool is_url(std::string_view text) {
    const auto end = text.find("://");
    if (end == std::string_view::npos || end == 0) return false;
    return is_letter(text.front()) && std::ranges::all_of(text.substr(0, end), belongs_to_scheme);
}

bool is_glob(std::string_view text) {
    if (is_url(text)) return false;
    if (text.find_first_of("*?") != std::string_view::npos) return true;
    const auto open = text.find('[');
    return open != std::string_view::npos && text.find(']', open + 2) != std::string_view::npos;
}

}  // namespace motionspool::domain
