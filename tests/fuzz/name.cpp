#include "domain/names.hpp"
#include "harness.hpp"
#include "spool/glob.hpp"
#include "spool/matching.hpp"
#include "spool/names.hpp"

// Names of people's files and batches, and globs over them: the input is a pattern, a line break, and names, a line each.
namespace motionspool::fuzz {
namespace {

void name(std::string_view text) {
    const auto composed = domain::nfc(text);
    must(domain::nfc(composed) == composed, "NFC is NFC");
    must(domain::name_key(composed) == domain::name_key(text), "normal forms of one name are one name");
    const auto derived = domain::derived_name(text);
    const auto problem = domain::name_problem(derived);
    must(!problem, "a derived name is a good one");
    if (!domain::name_problem(text)) must(derived == composed, "a good name stays as it is");
    for (const bool folder : {false, true}) {
        const auto parts = spool::parts_of(text, folder);
        must(parts.stem + parts.extension == text, "a name's parts are the name");
        if (text.size() <= 255) must(spool::numbered(parts, 12).size() <= 255, "a numbered name fits a file system");
    }
    must(spool::joined(text, ".report.txt").size() <= 255, "a note's name fits a file system");
    for (const char c : spool::shown(text)) must(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f, "no control character reaches a terminal");
    (void)spool::ignored(text);
    (void)spool::manifest_in_folder(text);
    (void)spool::manifest_alone(text);
    (void)domain::stem(text);
}

}  // namespace

void fuzz(std::string_view input) {
    const auto pattern = input.substr(0, input.find('\n'));
    std::vector<std::string> names;
    for (auto rest = input.substr(std::min(pattern.size() + 1, input.size())); !rest.empty() && names.size() < 20;) {
        names.emplace_back(rest.substr(0, rest.find('\n')));
        rest.remove_prefix(std::min(names.back().size() + 1, rest.size()));
    }
    name(pattern);
    for (const auto& one : names) {
        name(one);
        (void)spool::glob_match(pattern, one);
        must(!spool::glob_match("*", one) || !one.starts_with('.'), "a glob finds no hidden file");
    }
    const auto match = spool::Listing{names}.find(pattern);
    must(match.how != spool::Match::How::exactly || match.name == pattern, "an exact match is exact");
    for (const auto& component : spool::components_of(pattern)) must(!component.empty() && component != ".", "a path's components are names");
}

}  // namespace motionspool::fuzz
