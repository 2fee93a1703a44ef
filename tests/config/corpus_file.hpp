#pragma once
#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>
#include "base/complaint.hpp"

// tests/data/bad-*.txt: mistakes people make, one case each.
//
//   @@ case: what the mistake is          (or "@@ escaped:", where \xHH, \r, \t, \n and \\ stand for bytes)
//   the text, as it would be dropped
//   @@ says:
//   LINE:COLUMN: error: every complaint, in order
namespace corpus {

struct FileCase {
    std::string name, text;
    std::vector<std::string> says;
};

inline std::string unescaped(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); i++) {
        if (text[i] != '\\' || i + 1 == text.size()) {
            out += text[i];
            continue;
        }
        switch (text[++i]) {
            case 'x':
                out += static_cast<char>(std::stoi(std::string{text.substr(i + 1, 2)}, nullptr, 16));
                i += 2;
                break;
            case 'r': out += '\r'; break;
            case 't': out += '\t'; break;
            case 'n': out += '\n'; break;
            default: out += text[i];
        }
    }
    return out;
}

/// @throws std::runtime_error if the file is not there or not of this form
inline std::vector<FileCase> read_cases(const std::string& file) {
    std::ifstream in{file};
    if (!in) throw std::runtime_error("cannot read " + file);
    std::vector<FileCase> cases;
    bool escaped = false, says = true;
    const auto close = [&] {
        if (!cases.empty() && escaped) cases.back().text = unescaped(cases.back().text);
    };
    for (std::string line; std::getline(in, line);) {
        const auto begins = [&](std::string_view mark) { return std::string_view{line}.starts_with(mark); };
        if (begins("@@ case: ") || begins("@@ escaped: ")) {
            close();
            escaped = begins("@@ escaped: ");
            cases.push_back({line.substr(line.find(':') + 2), {}, {}});
            says = false;
        } else if (begins("@@ says:")) {
            says = true;
        } else if (!says) {
            cases.back().text += line + "\n";
        } else if (!line.empty() && !cases.empty()) {
            cases.back().says.push_back(line);
        }
    }
    close();
    return cases;
}

/// The complaints as in a case.
inline std::vector<std::string> as_said(const motionspool::Complaints& complaints, std::string_view text) {
    auto lines = motionspool::to_lines(complaints, "", text);
    for (auto& line : lines) line.erase(0, 1);
    return lines;
}

}  // namespace corpus
