#include <CLI/CLI.hpp>
#include <iostream>
#include "backup.hpp"
#include "batches.hpp"
#include "check.hpp"
#include "exit.hpp"
#include "help.hpp"
#include "jobs.hpp"
#include "operate.hpp"
#include "options.hpp"
#include "plan.hpp"
#include "quarantine.hpp"
#include "run.hpp"
#include "show.hpp"
#include "simulate.hpp"
#include "status.hpp"
#include "submit.hpp"
#include "uncertain.hpp"
#include "why.hpp"

namespace motionspool {
namespace {

int command_line(int argc, char** argv) {
    CLI::App app{"Turns a drop folder of YAML manifests into finished videos: checked, uploaded once, submitted under limits, paid once, delivered whole.",
                 "motionspool"};
    app.formatter(help_format());
    Options options;
    app.add_option("--config", options.config, "the configuration file (default: $MOTIONSPOOL_CONFIG, else /etc/motionspool/motionspool.yaml)")
        ->type_name("FILE");
    app.add_flag("--json", options.json, "print JSON instead of text, wherever something is listed");
    app.set_version_flag("--version", std::string{"motionspool "} + MOTIONSPOOL_VERSION);
    app.require_subcommand(1);
    app.fallthrough();

    RunOptions run;
    CheckOptions check;
    PlanOptions plan;
    SubmitOptions submit;
    JobsOptions jobs;
    ShowOptions show;
    BackupOptions backup;
    RestoreOptions put_back;
    OperateOptions operation;
    WhyOptions why;
    QuarantineOptions quarantining;
    UncertainOptions uncertain;
    const auto* run_command = add_run(app, run);
    const auto* check_command = add_check(app, check);
    const auto* plan_command = add_plan(app, plan);
    const auto* submit_command = add_submit(app, submit);
    const auto* jobs_command = add_jobs(app, jobs);
    const auto* show_command = add_show(app, show);
    const auto* status_command = app.add_subcommand("status", "the daemon at a glance: counts, limits in use, credits, what it waits for")->fallthrough();
    const auto* backup_command = add_backup(app, backup);
    const auto* restore_command = add_restore(app, put_back);
    const auto* batches_command = app.add_subcommand("batches", "a row a batch: state, done, failed, waiting, credits, note")->fallthrough();
    const auto* why_command = add_why(app, why);
    const auto* quarantine_command = add_quarantine(app, quarantining);
    const auto* uncertain_command = add_uncertain(app, uncertain);
    const auto operations = add_operations(app, operation);
    auto* simulate_command = add_simulate(app);
    simulate_command->fallthrough();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
        throw Exit{EX_USAGE, usage_error(app, error)};
    }
    if (*run_command) return run_daemon(options, run);
    if (*check_command) return check_files(options, check);
    if (*plan_command) return plan_manifests(options, plan);
    if (*submit_command) return submit_manifest(options, submit);
    if (*jobs_command) return list_jobs(options, jobs);
    if (*show_command) return show_one(options, show);
    if (*status_command) return show_status(options);
    if (*backup_command) return back_up(options, backup);
    if (*restore_command) return restore(options, put_back);
    if (*batches_command) return list_batches(options);
    if (*why_command) return tell_why(options, why);
    if (*quarantine_command) return quarantine(options, quarantining, *quarantine_command);
    if (*uncertain_command) return resolve_uncertain(options, uncertain, *uncertain_command);
    for (const auto* command : operations) {
        if (*command) return operate(options, operation, command->get_name());
    }
    return run_simulate(options);
}

}  // namespace
}  // namespace motionspool

int main(int argc, char** argv) try { return motionspool::command_line(argc, argv); } catch (const motionspool::Exit& exit) {
    const std::string sentence = exit.what();
    const bool points = exit.code() != EX_USAGE || sentence.find("--help`") != std::string::npos;
    std::cerr << "motionspool: " << sentence << (points ? "" : "; `motionspool COMMAND --help` tells how a command is used") << "\n";
    return exit.code();
} catch (const std::exception& error) {
    std::cerr << "motionspool: " << error.what() << "\n";
    return EX_SOFTWARE;
}
