#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include "domain/names.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// Compares what the provider knows, what lies on disk and what the database says. The program's word is never taken for itself.
namespace motionspool::test {

std::vector<store::JobView> World::jobs() { return store().views.jobs({}); }

std::map<std::string, std::size_t> World::states() {
    std::map<std::string, std::size_t> states;
    for (const auto& [state, count] : store().views.counts()) states[std::string{to_string(state)}] = count;
    return states;
}

store::JobView World::job(const std::string& name) {
    for (const auto& job : jobs()) {
        if (job.batch + "/" + job.job == name) return job;
    }
    throw std::runtime_error("there is no job " + name);
}

std::vector<store::Event> World::log(const std::string& name) { return store().views.events(job(name).id); }

namespace {

struct Complaints {
    std::string text;
    void operator()(bool good, const std::string& complaint) {
        if (!good) text += complaint + "\n";
    }
};

bool is_json(const std::string& text) {
    boost::json::error_code error;
    return boost::json::parse(text, error).is_object() && !error;
}

bool someones_video(const Provider& provider, const std::string& bytes) {
    for (const auto& task : provider.tasks) {
        if (provider.video(task) == bytes) return true;
    }
    return false;
}

void check_done(Complaints& expect, const World& world, const store::JobView& job, const std::string& name) {
    expect(job.output.has_value() && fs::exists(*job.output), name + " is done and has no file");
    if (!job.output || !fs::exists(*job.output)) return;
    const auto* task = world.provider.task(job.task.value_or(""));
    expect(task != nullptr && world.provider.video(*task) == read_file(*job.output), name + " has another's video, or part of one");
    const auto sidecar = world.output(job.batch) / "_info" / (job.job + ".json");
    expect(fs::exists(sidecar) && is_json(read_file(sidecar)), name + " has no good sidecar");
}

void check_job(Complaints& expect, World& world, const store::JobView& job) {
    const auto name = job.batch + "/" + job.job;
    const auto tasks = world.provider.tasks_of(job.prompt);
    Credits charged, known;
    std::size_t costly = 0, unknown = 0;
    for (const auto* task : tasks) {
        charged += world.provider.charged(*task);
        if (world.provider.charged(*task) > Credits{}) ++costly;
        if (world.store().attempts.with_task(task->id))
            known += world.provider.charged(*task);
        else
            ++unknown;
    }
    const auto totals = world.store().attempts.totals_of(job.id);
    expect(costly <= 1, name + " was paid " + std::to_string(costly) + " times");
    const bool open = job.state == domain::JobState::uncertain;
    expect(unknown <= (open ? 1U : 0U), name + " has " + std::to_string(unknown) + " tasks nobody knows of, and is " + std::string{to_string(job.state)});
    const bool stuck = job.error && (job.error->code == "stuck" || job.error->code == "unknown-task");  // its estimate counts as spent until the truth is known
    expect(stuck || totals.spent == known, name + ": the ledger says " + to_string(totals.spent) + ", the provider " + to_string(known));
    expect(totals.reserved == (open ? world.store().attempts.open_of(job.id)->estimate : Credits{}),
           name + " is " + std::string{to_string(job.state)} + " and holds " + to_string(totals.reserved) + " reserved");
    expect(domain::has_ended(job.state) || open, name + " is left " + std::string{to_string(job.state)});
    expect(job.state != domain::JobState::failed || job.error.has_value(), name + " failed without a reason");
    if (job.state == domain::JobState::done) check_done(expect, world, job, name);
}

void check_drops(Complaints& expect, World& world, std::size_t drops) {
    const auto batches = world.store().batches.all();
    std::size_t rejected = 0, appended = 0;
    for (const auto& entry : fs::directory_iterator{world.spool("rejected")}) {
        if (entry.path().string().find(".report.") != std::string::npos) continue;
        ++rejected;
        const auto stem = fs::is_directory(entry) ? entry.path() : fs::path{entry.path()}.replace_extension();
        expect(fs::exists(stem.string() + ".report.txt") && is_json(read_file(stem.string() + ".report.json")),
               entry.path().filename().string() + " was rejected without a report");
    }
    for (const auto& batch : batches) {
        for (const auto& drop : world.store().batches.appended_to(batch.id)) {
            ++appended;
            expect(drop.place == batch.place && fs::exists(world.spool(drop.place) / drop.entry), drop.entry + " does not lie where " + batch.name + " does");
        }
    }
    expect(batches.size() + appended + rejected == drops, std::to_string(drops) + " drops, " + std::to_string(batches.size()) + " batches, " +
                                                              std::to_string(appended) + " appended and " + std::to_string(rejected) + " rejections");
    for (const auto* folder : {"incoming", ".taking"}) {
        for (const auto& entry : fs::directory_iterator{world.spool(folder)}) expect(false, entry.path().filename().string() + " is left in " + folder);
    }
    for (const auto& batch : batches) {
        expect(fs::exists(world.spool(batch.place) / batch.entry), batch.name + " does not lie in " + batch.place + " as " + batch.entry);
        const auto stem = batch.kind == "folder" ? batch.entry : fs::path{batch.entry}.stem().string();
        const auto note = batch.place == "finished" ? stem + ".report.txt" : stem + ".status.txt";
        expect(fs::exists(world.spool(batch.place) / note), batch.name + " lacks " + note);
    }
}

/// Every film is a job's newest, once; nothing half done is left.
void check_output(Complaints& expect, World& world) {
    std::set<std::string> outputs;
    for (const auto& job : world.jobs()) {
        if (job.output) outputs.insert(*job.output);
    }
    for (const auto& entry : fs::recursive_directory_iterator{world.output()}) {
        const auto path = entry.path().string();
        expect(!path.ends_with(".part"), "left over: " + path);
        expect(!path.ends_with(".mp4") || outputs.contains(path), "no job's film: " + path);
    }
}

}  // namespace

void World::look_at_output() {
    for (const auto& entry : fs::recursive_directory_iterator{output()}) {
        const auto name = entry.path().filename().string();
        if (!entry.is_regular_file() || name.starts_with('.') || !seen_.insert(entry.path().string()).second) continue;
        const auto bytes = read_file(entry.path());
        const bool good = name.ends_with(".json") ? is_json(bytes) : someones_video(provider, bytes);
        if (!good) seen_wrong_ += entry.path().string() + " appeared with " + std::to_string(bytes.size()) + " bytes of something else\n";
    }
}

std::string World::broken_promises() {
    Complaints expect;
    for (const auto& job : jobs()) check_job(expect, *this, job);
    check_drops(expect, *this, drops_);
    look_at_output();
    check_output(expect, *this);
    expect(provider.most_in_window <= static_cast<std::size_t>(provider.places), std::to_string(provider.most_in_window) + " submissions within ten seconds");
    const auto at_once = static_cast<std::size_t>(std::optional<int>{settings.config.limits.running}.value_or(1'000'000));
    expect(provider.most_running <= at_once, std::to_string(provider.most_running) + " tasks at once");
    expect(seen_wrong_.empty(), seen_wrong_);
    return expect.text;
}

}  // namespace motionspool::test
