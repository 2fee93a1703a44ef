#include "whole/rig.hpp"
#include <openssl/sha.h>
#include <sysexits.h>
#include <unistd.h>
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <exception>
#include <iostream>
#include "whole/caller.hpp"

namespace motionspool::whole {
namespace fs = std::filesystem;
namespace {

std::string tail_of(const fs::path& path) {
    std::error_code error;
    if (!fs::exists(path, error)) return {};
    auto text = test::read_file(path);
    return text.size() > 4000 ? "…" + text.substr(text.size() - 4000) : text;
}

bool has_settled(const json::value& job) {
    const auto state = text_at(job.as_object(), "state");
    return state == "done" || state == "failed" || state == "cancelled" || state == "uncertain";
}

}  // namespace

Rig::Rig(RigSettings settings) : settings_{std::move(settings)}, journal_{folder_ / "journal"} {
    fs::permissions(folder_.path(), fs::perms::owner_all | fs::perms::group_all | fs::perms::others_read | fs::perms::others_exec);
    for (const auto* name : {"spool", "output", "state"}) fs::create_directory(folder_ / name);
    start_simulator();
    write_config(settings_);
}

Rig::~Rig() {
    if (std::uncaught_exceptions() > 0)
        std::cerr << "The end of the daemon's log:\n"
                  << tail_of(folder_ / "daemon.log") << "\nand of the simulator's:\n"
                  << tail_of(folder_ / "simulator.log") << std::endl;
}

void Rig::start_simulator() {
    std::map<std::string, std::string> options{
        {"--listen", "127.0.0.1:0"}, {"--journal", (folder_ / "journal").string()}, {"--duration", "50ms..200ms"}, {"--rate", "none"}};
    for (const auto& [name, value] : settings_.simulator) options.insert_or_assign(name, value);
    Spawn spawn{{MOTIONSPOOL_PROGRAM, "simulate", "--no-fsync"}, {}, folder_ / "simulator.out", folder_ / "simulator.log"};
    for (const auto& [name, value] : options) spawn.arguments.insert(spawn.arguments.end(), {name, value});
    simulator_ = std::make_unique<Process>(spawn);
    const std::string before = "listening on ";
    const auto listens = [&] {
        if (!simulator_->running()) throw std::runtime_error("the simulator ended: " + tail_of(folder_ / "simulator.log"));
        const auto text = tail_of(folder_ / "simulator.out");
        if (!text.starts_with(before) || text.find('\n') == std::string::npos) return false;
        url_ = text.substr(before.size(), text.find('\n') - before.size());
        return true;
    };
    wait_until("the simulator listens", listens);
}

void Rig::write_config(const RigSettings& settings) const {
    const auto root = folder_.path().string();
    test::write_file(config(),
                     "instance: test\n"
                     "spool: {directory: " +
                         root + "/spool, settle: 100ms, patience: 1s, rescan: 1s" + (settings.spool.empty() ? "" : ", " + settings.spool) +
                         "}\n"
                         "output: {directory: " +
                         root +
                         "/output, keep_free: 1MB}\n"
                         "state: {directory: " +
                         root +
                         "/state}\n"
                         "provider: {api_url: \"" +
                         url_ + "\", upload_url: \"" + url_ + "\"" + (settings.provider.empty() ? "" : ", " + settings.provider) +
                         "}\n"
                         "credits: {ask_above: none}\n"
                         "limits: {" +
                         settings.limits +
                         "}\n"
                         "control: {socket: " +
                         root +
                         "/control.sock}\n"
                         "log: {level: debug}\n" +
                         settings.more);
}

void Rig::launch() {
    const Spawn spawn{
        {MOTIONSPOOL_PROGRAM, "run", "--config", config().string()}, {{"KIE_API_KEY", settings_.key}}, folder_ / "daemon.log", folder_ / "daemon.log"};
    daemon_.reset();
    daemon_ = std::make_unique<Process>(spawn);
}

void Rig::start() {
    const auto before = log().size();
    launch();
    const auto is_ready = [&] {
        if (!daemon_->running()) throw std::runtime_error("the daemon ended before it was ready");
        return log().find(" ready: ", before) != std::string::npos;
    };
    wait_until("the daemon is ready", is_ready);
}

Ended Rig::stop() {
    daemon_->send(SIGTERM);
    const auto ended = daemon_->wait_for(patience);
    if (!ended) throw std::runtime_error("the daemon does not end");
    return *ended;
}

std::string Rig::log() const {
    std::error_code error;
    return fs::exists(folder_ / "daemon.log", error) ? test::read_file(folder_ / "daemon.log") : std::string{};
}

Said Rig::run(std::vector<std::string> arguments, bool as_nobody) const {
    arguments.push_back("--config");
    arguments.push_back(config().string());
    return run_bare(std::move(arguments), {{"KIE_API_KEY", settings_.key}}, as_nobody);
}

Said Rig::run_bare(std::vector<std::string> arguments, std::map<std::string, std::string> environment, bool as_nobody) const {
    const test::TempFolder texts;
    arguments.insert(arguments.begin(), MOTIONSPOOL_PROGRAM);
    const auto what = arguments.at(1);
    Process process{{std::move(arguments), std::move(environment), texts / "out", texts / "err", as_nobody}};
    const auto ended = process.wait_for(patience);
    if (!ended) throw std::runtime_error("motionspool " + what + " does not end");
    return {ended->code, test::read_file(texts / "out"), test::read_file(texts / "err")};
}

Process Rig::spawn(std::vector<std::string> arguments, const std::string& log) const {
    arguments.insert(arguments.begin(), MOTIONSPOOL_PROGRAM);
    arguments.push_back("--config");
    arguments.push_back(config().string());
    return Process{{std::move(arguments), {{"KIE_API_KEY", settings_.key}}, folder_ / (log + ".out"), folder_ / (log + ".err")}};
}

json::array Rig::jobs(const std::string& batch) const {
    std::vector<std::string> arguments{"jobs", "--json"};
    if (!batch.empty()) arguments.insert(arguments.end(), {"--batch", batch});
    const auto said = run(arguments);
    if (said.code == EX_NOINPUT || said.code == EX_UNAVAILABLE) return {};
    if (said.code != 0) throw std::runtime_error("jobs --json ends with " + std::to_string(said.code) + ": " + said.err);
    return json::parse(said.out).as_array();
}

std::map<std::string, std::size_t> Rig::states() const {
    std::map<std::string, std::size_t> states;
    for (const auto& job : jobs()) states[text_at(job.as_object(), "state")]++;
    return states;
}

void Rig::wait_until_settled(std::size_t count, std::chrono::milliseconds limit) const {
    const auto settled = [&] {
        const auto jobs = this->jobs();
        return static_cast<std::size_t>(std::ranges::count_if(jobs, has_settled)) == count;
    };
    try {
        wait_until(std::to_string(count) + " jobs have ended", settled, limit);
    } catch (const std::exception& error) {
        std::string found, open;
        for (const auto& [state, n] : states()) found += " " + std::to_string(n) + " " + state;
        for (const auto& job : jobs()) open += has_settled(job) ? "" : "\n" + json::serialize(job);
        throw std::runtime_error(error.what() + (", but:" + found + open));
    }
}

void Rig::drop(const std::string& name, const std::string& manifest) const {
    const auto hidden = spool() / "incoming" / ("." + name);
    fs::create_directory(hidden);
    for (const auto* file : {"fox.png", "bear.jpg", "wave.mp4", "jump.mp4"}) fs::copy_file(media(file), hidden / file);
    test::write_file(hidden / "manifest.yaml", manifest);
    fs::rename(hidden, spool() / "incoming" / name);
}

void Rig::wait_until_accepted(const std::string& name) const {
    wait_until("the drop " + name + " is accepted", [&] { return fs::exists(spool() / "accepted" / name) || fs::exists(spool() / "finished" / name); });
}

void Rig::tell_simulator(const std::string& what, const std::string& body) const {
    const auto answer =
        say(static_cast<std::uint16_t>(std::stoi(url_.substr(url_.rfind(':') + 1))),
            "POST /sim/" + what + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: test\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\n\r\n" + body);
    if (!answer.starts_with("HTTP/1.1 200")) throw std::runtime_error("the simulator does not do " + what + " " + body + ": " + answer);
}

void Rig::release_tasks() const {
    tell_simulator("faults", R"({"held": 0, "held-answer": 0})");
    tell_simulator("release", "{}");
}

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

fs::path media(const std::string& name) { return fs::path{EXAMPLES} / "felt-animals" / name; }

std::string sha256_of(const fs::path& file) {
    const auto bytes = test::read_file(file);
    unsigned char digest[SHA256_DIGEST_LENGTH];
    ::SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
    static constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (const auto byte : digest) {
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

}  // namespace motionspool::whole
