#include "base/complaint.hpp"
#include <algorithm>
#include <functional>
#include <numeric>

namespace motionspool {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Walks a text once and knows the line and column of where it stands.
class Walk {
public:
    explicit Walk(std::string_view bytes) : bytes_{bytes}, at_{bytes.starts_with(byte_order_mark) ? byte_order_mark.size() : 0} {}

    /// @pre never called with a smaller offset than before
    Place advance_to(Offset offset) {
        for (const auto end = std::min(offset.byte, bytes_.size()); at_ < end; at_++) step(bytes_[at_]);
        return place_;
    }

private:
    void step(char c) {
        const bool continuation = (static_cast<unsigned char>(c) & 0xC0u) == 0x80u;
        if (c == '\n')
            place_ = {place_.line + 1, 1};
        else if (!continuation)
            place_.column++;
    }
    std::string_view bytes_;
    std::size_t at_;
    Place place_;
};

std::string_view word(Complaint::Severity severity) {
    switch (severity) {
        case Complaint::Severity::error: return "error";
        case Complaint::Severity::warning: return "warning";
    }
    return "";
}

/// Is it a character of UTF-8 that changes what is read around it: a control (C1), or one that turns the direction of writing?
bool misleads(std::string_view character) {
    const auto last = static_cast<unsigned char>(character.back());
    if (character.size() == 2) return (character[0] == '\xC2' && last < 0xA0) || character == "\xD8\x9C";
    if (character.starts_with("\xE2\x80")) return last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE);
    return character.starts_with("\xE2\x81") && last >= 0xA6 && last <= 0xA9;
}

/// What a person wrote may be quoted in a complaint, line ends and all.
std::string on_one_line(std::string text) {
    std::ranges::replace_if(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t length = text[i] == '\xC2' || text[i] == '\xD8' ? 2 : text[i] == '\xE2' ? 3 : 0;
        if (length > 0 && text.size() - i >= length && misleads(std::string_view{text}.substr(i, length))) text.replace(i, length, "?");
    }
    return text;
}

}  // namespace

Place place_of(std::string_view bytes, Offset at) { return Walk{bytes}.advance_to(at); }

bool any_error(const Complaints& complaints) {
    return std::ranges::any_of(complaints, [](const Complaint& complaint) { return complaint.severity == Complaint::Severity::error; });
}

std::vector<Place> places_of(const Complaints& complaints, std::string_view bytes) {
    std::vector<std::size_t> in_order(complaints.size());
    std::iota(in_order.begin(), in_order.end(), std::size_t{0});
    std::ranges::stable_sort(in_order, {}, [&](std::size_t i) { return complaints[i].at; });
    std::vector<Place> places(complaints.size());
    Walk walk{bytes};
    for (const auto i : in_order) places[i] = walk.advance_to(complaints[i].at);
    return places;
}

std::vector<std::string> to_lines(const Complaints& complaints, std::string_view file, std::string_view bytes) {
    std::vector<std::reference_wrapper<const Complaint>> in_order{complaints.begin(), complaints.end()};
    std::ranges::stable_sort(in_order, {}, [](const Complaint& complaint) { return complaint.at; });
    std::vector<std::string> lines;
    lines.reserve(in_order.size());
    Walk walk{bytes};
    for (const Complaint& complaint : in_order) {
        const auto place = walk.advance_to(complaint.at);
        auto line = std::string{file};
        line += ':' + std::to_string(place.line) + ':' + std::to_string(place.column) + ": ";
        line += word(complaint.severity);
        line += ": " + on_one_line(complaint.text);
        lines.push_back(std::move(line));
    }
    return lines;
}

}  // namespace motionspool
