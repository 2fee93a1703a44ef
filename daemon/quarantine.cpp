#include "quarantine.hpp"
#include <CLI/App.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/quarantine.hpp"
#include "asking.hpp"
#include "base/text.hpp"
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
    end->add_flag("--dry-run", options.dry_run, "only print what would be submitted");
    return command;
}

int quarantine(const Options& options, const QuarantineOptions& chosen, const CLI::App& command) {
    const auto file = read_config(options);
    const auto& config = file.loaded.config;
    if (command.get_subcommands().front()->get_name() == "end") {
        Reading reading{config};
        const auto what = app::quarantine_text(reading.store(), config);
        if (chosen.dry_run) {
            std::cout << what;
            return EX_OK;
        }
        if (!chosen.yes && reading.store().notes.fact("quarantine")) require_yes(std::string{trim(what)}, what);
        const auto answer = ask_daemon(config, "quarantine/end", {});
        std::cout << (options.json ? json::serialize(answer) : std::string{answer.at("text").as_string().c_str()}) << "\n";
        return EX_OK;
    }
    Reading reading{config};
    const auto reason = reading.store().notes.fact("quarantine");
    const auto ahead = reading.quarantine_ahead();
    const auto or_null = [](const std::optional<std::string>& text) { return text ? json::value(*text) : json::value(nullptr); };
    if (options.json)
        std::cout << json::serialize(json::object{{"quarantine", or_null(reason)}, {"next_start", or_null(ahead)}}) << "\n";
    else
        std::cout << app::quarantine_text(reading.store(), config, ahead);
    return EX_OK;
}

}  // namespace motionspool
