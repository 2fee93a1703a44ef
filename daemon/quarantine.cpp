#include "quarantine.hpp"
#include <unistd.h>
#include <CLI/App.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/quarantine.hpp"
#include "asking.hpp"
#include "exit.hpp"
#include "reading.hpp"

namespace motionspool {
namespace json = boost::json;

CLI::App* add_quarantine(CLI::App& root, QuarantineOptions& options) {
    auto* command = root.add_subcommand("quarantine", "after an old database was put back: what it means, and its end")->fallthrough();
    command->require_subcommand(1);
    command->add_subcommand("show", "why nothing is submitted, and what would be once it is over")->fallthrough();
    auto* end = command->add_subcommand("end", "submit again; what this database does not know of is paid for again")->fallthrough();
    end->add_flag("--yes", options.yes, "do not ask");
    return command;
}

int quarantine(const Options& options, const QuarantineOptions& chosen, const CLI::App& command) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    if (command.get_subcommands().front()->get_name() == "end") {
        if (!chosen.yes && ::isatty(STDIN_FILENO) == 1) require_yes(app::quarantine_text(Reading{config}.store()));
        const auto answer = ask_daemon(config, "quarantine/end", {});
        std::cout << (options.json ? json::serialize(answer) : std::string{answer.at("text").as_string().c_str()}) << "\n";
        return EX_OK;
    }
    Reading reading{config};
    const auto reason = reading.store().notes.fact("quarantine");
    if (options.json)
        std::cout << json::serialize(json::object{{"quarantine", reason ? json::value(*reason) : json::value(nullptr)}}) << "\n";
    else
        std::cout << app::quarantine_text(reading.store());
    return EX_OK;
}

}  // namespace motionspool
