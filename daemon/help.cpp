#include "help.hpp"
#include <CLI/CLI.hpp>
#include <sstream>
#include "base/text.hpp"

namespace motionspool {
namespace {

constexpr const char* exit_codes =
    "`motionspool COMMAND --help` tells the options of a command.\n"
    "Exit codes: 0 done; 1 it ran and the answer is no; 64 usage; 65 bad manifest; 66 no such file, batch or job; 69 daemon or provider unreachable;\n"
    "73 cannot create; 74 I/O error; 75 try again (a daemon already runs); 77 permission; 78 bad configuration.\n";

class HelpFormat final : public CLI::Formatter {
public:
    std::string make_footer(const CLI::App* app) const override {
        if (app->get_parent() == nullptr) return exit_codes;
        const auto* root = app->get_parent();
        while (root->get_parent() != nullptr) root = root->get_parent();
        const auto common = root->get_options([](const CLI::Option* option) { return option->get_name() != "--help" && option->nonpositional(); });
        std::vector<const CLI::Option*> wanted;
        for (const auto* option : common) {
            if (!option->check_lname("version") && !option->check_lname("help")) wanted.push_back(option);
        }
        return make_group("Options of every command", false, wanted).substr(1) + (app->get_footer().empty() ? "" : "\n" + app->get_footer());
    }
};

/// As a sentence's end.
std::string where_to_read(const CLI::App& root) {
    const auto commands = root.get_subcommands();
    if (commands.empty()) return "`motionspool --help` lists the commands";
    return "`motionspool " + commands.front()->get_name() + " --help` tells how it is used";
}

std::string unknown_command(const CLI::App& root, const std::string& word) {
    std::vector<std::string> names;
    for (const auto* command : root.get_subcommands(nullptr)) names.push_back(command->get_name());
    if (word.starts_with('-')) return "there is no option " + word + "; ";
    const std::vector<std::string_view> candidates{names.begin(), names.end()};
    const auto near = nearest(word, candidates);
    return "there is no command \"" + word + "\"" + (near.empty() ? "; " : ", did you mean \"" + std::string{near} + "\"? ");
}

std::string words_expected(const CLI::App& command) {
    std::vector<std::string> words;
    for (const auto* each : command.get_subcommands(nullptr)) words.push_back(each->get_name());
    return "`" + command.get_name() + "` expects one of " + join(words, ", ") + " behind it; ";
}

/// @param text "The following arguments were not expected: x --bacth", in which the last one comes first
std::string unexpected(const std::string& text) {
    std::istringstream list{text.substr(text.find(": ") + 2)};
    std::string first, option;
    for (std::string word; list >> word; first = word) {
        if (word.starts_with('-')) option = word;
    }
    return option.empty() ? "\"" + first + "\" is one argument too many; " : "there is no option " + option + "; ";
}

}  // namespace

std::shared_ptr<CLI::FormatterBase> help_format() { return std::make_shared<HelpFormat>(); }

std::string usage_error(const CLI::App& root, const CLI::ParseError& error) {
    const std::string name = error.get_name(), text = error.what();
    const auto rest = root.remaining();
    const bool no_command = root.get_subcommands().empty();
    std::string sentence = text + "; ";
    if (no_command && name == "RequiredError") sentence = rest.empty() ? "a command is missing; " : unknown_command(root, rest.front());
    if (!no_command && name == "RequiredError") sentence = "the argument " + text.substr(0, text.find(' ')) + " is missing; ";
    if (!no_command && text.starts_with("A subcommand")) sentence = words_expected(*root.get_subcommands().front());
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::ExtrasError)) sentence = unexpected(text);
    if (name == "ArgumentMismatch") sentence = text.substr(0, text.find(':')) + " expects a value; ";
    return sentence + where_to_read(root);
}

}  // namespace motionspool
