#include "app/examine.hpp"
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>
#include <set>
#include "app/renders.hpp"
#include "async/task_group.hpp"
#include "base/text.hpp"
#include "base/trouble.hpp"
#include "spool/files.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
namespace {

std::string in_quotes(const std::string& text) { return "\"" + text + "\""; }

constexpr std::size_t looked_for_at_once = 64;  ///< files: about a millisecond

constexpr std::string_view changed_meanwhile = " was written to or replaced while it was taken; drop it again, and leave it alone once it lies there";

FileStamp stamp_of(int fd) {
    struct stat now {};
    if (::fstat(fd, &now) != 0) return {};
    const auto nanoseconds = [](const timespec& time) { return time.tv_sec * 1'000'000'000 + time.tv_nsec; };
    return {now.st_dev, now.st_ino, now.st_size, nanoseconds(now.st_mtim), nanoseconds(now.st_ctim)};
}

/// What is wrong with a file that is not complete, and will not become so any more.
std::string what_never_came(const domain::MediaFacts& facts) {
    if (facts.bytes == 0) return "is empty; expected a complete file";
    if (facts.format == domain::Format::other) return "begins with zeros: its copy never ended; copy it again";
    return "is cut short; expected a complete file";
}

/// A verdict with the name of the file in front of each sentence.
domain::Verdict told_of(const std::string& source, domain::Verdict verdict) {
    for (auto* texts : {&verdict.errors, &verdict.warnings}) {
        for (auto& text : *texts) text.insert(0, in_quotes(source) + ": ");
    }
    return verdict;
}

/// Complaints about files, each at every place that names the file; of many places the first ten, and the last of them says how many more there are.
class PlacesOf {
public:
    explicit PlacesOf(Complaints& complaints) : complaints_{complaints} {}
    void tell(std::size_t input, Complaint complaint) {
        auto& told = told_[{input, complaint.text}];
        if (!told.places.insert(complaint.at).second || told.places.size() > most) return;
        told.last = complaints_.size();
        complaints_.push_back(std::move(complaint));
    }
    void close() {
        for (const auto& [what, told] : told_) {
            if (told.places.size() > most) complaints_[told.last].text += " (and at " + count_of(told.places.size() - most, "more place", "more places") + ")";
        }
    }

private:
    static constexpr std::size_t most = 10;
    struct Told {
        std::set<Offset> places;
        std::size_t last = 0;
    };
    Complaints& complaints_;
    std::map<std::pair<std::size_t, std::string>, Told> told_;
};

}  // namespace

/// What looking at one input showed.
struct Examiner::Seen {
    std::string error;                         ///< at the value; empty: it was read
    bool may_come = false;                     ///< the error may go away by waiting: missing, or cut short
    std::optional<domain::RemoteFile> remote;  ///< of a URL
};

Examiner::Examiner(asio::any_io_executor executor, media::Probe& probe, ExamineSettings settings, UrlInputs* urls)
    : executor_{std::move(executor)}, probe_{probe}, urls_{urls}, settings_{std::move(settings)}, slots_{executor_, 4} {}

bool Examination::acceptable() const {
    if (!manifest || jobs.empty() || !trouble.empty()) return false;
    if (!any_error(complaints)) return true;
    const bool some_good = std::ranges::any_of(jobs, [](const ExaminedJob& job) { return job.spec.invalid.empty(); });
    return manifest->partial && partly_usable && some_good;
}

asio::awaitable<Examination> Examiner::examine(const spool::Place& place, std::string file, std::string bytes, bool media_roots, const Examination* earlier) {
    Examination e;
    e.file = std::move(file);
    e.bytes = std::move(bytes);
    std::optional<domain::Manifest> readable;
    reading(e.file);
    if (earlier != nullptr && earlier->bytes == e.bytes && earlier->manifest) {
        e.manifest = earlier->manifest;
        e.complaints = earlier->of_text;
    } else {
        auto read = config::read_manifest(e.bytes, settings_.defaults, settings_.limits);
        e.manifest = std::move(read.manifest);
        e.complaints = std::move(read.complaints);
        readable = std::move(read.readable);
    }
    e.of_text = e.complaints;
    if (!e.manifest && !readable) co_return e;
    e.hopeless = !e.manifest || (any_error(e.of_text) && !e.manifest->partial);
    auto expanding = expand(place, e.manifest ? *e.manifest : *readable, e);
    co_await std::move(expanding);
    std::vector<Seen> seen;
    auto looking = look_at_inputs(place, e, media_roots, seen);
    co_await std::move(looking);
    judge(e, seen);
    std::ranges::stable_sort(e.complaints, {}, &Complaint::at);
    co_return e;
}

asio::awaitable<void> Examiner::expand(const spool::Place& place, const domain::Manifest& manifest, Examination& e) const {
    Complaints complaints;
    domain::GlobMatches matches;
    std::vector<domain::Written> patterns;
    if (manifest.matrix) {
        patterns = manifest.matrix->images;
        patterns.insert(patterns.end(), manifest.matrix->motions.begin(), manifest.matrix->motions.end());
    }
    for (const auto& pattern : patterns) {
        if (domain::is_url(pattern.text) || !domain::is_glob(pattern.text) || matches.contains(pattern.text)) continue;
        auto found = place.glob(pattern.text);
        if (found.trouble()) e.trouble = in_quotes(pattern.text) + " " + found.problem().text;
        if (!found)
            complaints.push_back({Complaint::Severity::error, pattern.at, in_quotes(pattern.text) + " " + found.problem().text});
        else
            matches.emplace(pattern.text, std::move(*found));
        co_await asio::post(executor_, asio::use_awaitable);
    }
    if (any_error(complaints)) e.partly_usable = false;
    const auto of_patterns = complaints.size();
    auto expansion = domain::expand(manifest, matches, settings_.limits.jobs);
    e.partly_usable = e.partly_usable && expansion.partly_usable;
    std::ranges::move(expansion.complaints, std::back_inserter(complaints));
    if (complaints.size() > expansion.unmatched.size() && any_error(complaints) && !manifest.partial) e.hopeless = true;
    for (const auto& pattern : expansion.unmatched) e.missing.push_back(in_quotes(pattern.text) + " matches no file yet");
    if (!e.manifest) {  // of a readable one the reader has told the others already
        complaints.resize(of_patterns);
        for (const auto& pattern : expansion.unmatched) complaints.push_back(domain::no_match(pattern));
    }
    std::ranges::move(complaints, std::back_inserter(e.complaints));
    for (auto& spec : expansion.jobs) {
        ExaminedJob job;
        job.spec = std::move(spec);
        e.jobs.push_back(std::move(job));
    }
}

asio::awaitable<void> Examiner::look_at_inputs(const spool::Place& place, Examination& e, bool media_roots, std::vector<Seen>& seen) {
    std::map<std::string, std::size_t, std::less<>> by_text, by_source;
    std::map<std::string, std::string, std::less<>> spelt_otherwise;  ///< a warning, by the text that names a file not quite as it is called
    std::vector<std::size_t> to_probe;
    const auto index_of = [&](const std::string& text) {
        if (const auto known = by_text.find(text); known != by_text.end()) return known->second;
        ExaminedInput input{text, text.empty() ? "none" : "url", {}, {}};
        Seen what;
        bool found = false;
        if (!text.empty() && !domain::is_url(text)) {
            auto outcome = place.open(text);
            if (auto* opened = std::get_if<spool::OpenedInput>(&outcome)) {
                input = {opened->path, media_roots ? "media" : "", {}, {}};
                if (!opened->warning.empty()) spelt_otherwise.emplace(text, in_quotes(text) + " " + opened->warning);
                found = true;
            } else {
                const auto& refusal = std::get<spool::Refusal>(outcome);
                input = {text, "none", {}, {}};
                what.error = in_quotes(text) + " " + refusal.text;
                if (refusal.why == spool::Refusal::Why::missing && domain::is_glob(text)) what.error += "; patterns work in `matrix` only";
                what.may_come = refusal.why == spool::Refusal::Why::missing || refusal.why == spool::Refusal::Why::away;
                if (refusal.why == spool::Refusal::Why::trouble) e.trouble = what.error;
            }
        }
        if (input.root == "url") what.remote = ask(text, e);
        const auto [place_of_source, fresh] = by_source.try_emplace(input.root + ":" + input.source, e.inputs.size());
        const auto index = place_of_source->second;
        if (fresh) {
            if (found) to_probe.push_back(e.inputs.size());
            e.inputs.push_back(std::move(input));
            seen.push_back(std::move(what));
        }
        by_text.emplace(text, index);
        return index;
    };
    PlacesOf places{e.complaints};
    const auto look_up = [&](const domain::Written& file) {
        const auto index = index_of(file.text);
        const auto warning = spelt_otherwise.find(file.text);
        if (warning != spelt_otherwise.end()) places.tell(index, {Complaint::Severity::warning, file.at, warning->second});
        return index;
    };
    for (std::size_t looked_for = 0; auto& job : e.jobs) {
        job.image = look_up(job.spec.image);
        job.motion = look_up(job.spec.motion);
        if (e.inputs.size() < looked_for + looked_for_at_once) continue;
        looked_for = e.inputs.size();
        co_await asio::post(executor_, asio::use_awaitable);
    }
    places.close();
    TaskGroup probing{executor_};
    for (const auto index : to_probe) {
        auto one = look_at(place, e.inputs[index], seen[index], e.trouble);
        probing.spawn(std::move(one));
    }
    co_await probing.join();
}

std::optional<domain::RemoteFile> Examiner::ask(const std::string& text, Examination& e) const {
    const auto url = http::parse_url(text);
    if (!url) return domain::RemoteFile{domain::RemoteFile::Said::off_limits, url.problem().text, {}, {}};
    if (const auto objection = objection_to_url(*url, settings_.own_origins))
        return domain::RemoteFile{domain::RemoteFile::Said::off_limits, "it " + *objection, {}, {}};
    if (urls_ == nullptr) return std::nullopt;
    auto answer = urls_->ask(text);
    e.asking = e.asking || !answer;
    return answer;
}

asio::awaitable<void> Examiner::look_at(const spool::Place& place, ExaminedInput& input, Seen& seen, std::string& trouble) {
    const auto slot = co_await slots_.enter();  // opened only now: a drop may name more files than there are descriptors
    auto outcome = place.open(input.source);
    const auto* opened = std::get_if<spool::OpenedInput>(&outcome);
    if (opened == nullptr) {
        const auto& refusal = std::get<spool::Refusal>(outcome);
        seen.error = in_quotes(input.source) + " " + refusal.text;
        if (refusal.why == spool::Refusal::Why::trouble) trouble = seen.error;
        co_return;
    }
    input.stamp = stamp_of(opened->fd.get());
    if (const auto known = facts_.find(input.stamp); known != facts_.end()) {
        input.facts = known->second;
        co_return;
    }
    reading(input.source);
    auto asking = probe_.probe(opened->fd.get());
    auto answer = co_await std::move(asking);
    if (!answer) {
        seen.error = in_quotes(input.source) + " " + answer.problem().text;
        if (answer.trouble()) trouble = seen.error;
        co_return;
    }
    input.facts = *answer;
    if (facts_.size() > 4096) facts_.clear();
    if (input.facts.complete) facts_.emplace(input.stamp, input.facts);
}

void Examiner::judge(Examination& e, const std::vector<Seen>& seen) const {
    std::map<std::tuple<std::size_t, bool, domain::Orientation>, domain::Verdict> verdicts;
    const auto verdict_of = [&](std::size_t index, bool image, domain::Orientation orientation) -> const domain::Verdict& {
        const auto [it, fresh] = verdicts.try_emplace({index, image, orientation});
        const auto& input = e.inputs[index];
        if (!fresh || input.source.empty()) return it->second;  // that none is named has been said
        if (input.root == "url")
            it->second = seen[index].remote ? told_of(input.source, domain::judge_remote(*seen[index].remote, image)) : domain::Verdict{};
        else if (!seen[index].error.empty())
            it->second.errors.push_back(seen[index].error);
        else if (!input.facts.complete)
            it->second.errors.push_back(in_quotes(input.source) + " " + what_never_came(input.facts));
        else
            it->second = told_of(input.source, image ? domain::judge_image(input.facts) : domain::judge_motion(input.facts, orientation));
        return it->second;
    };
    PlacesOf places{e.complaints};
    const auto may_come = [&](std::size_t index) {
        const bool cut = seen[index].error.empty() && e.inputs[index].root != "url" && !e.inputs[index].facts.complete;
        return seen[index].may_come || cut;
    };
    const auto apply = [&](ExaminedJob& job, std::size_t index, Offset at, bool image) {
        const auto& verdict = verdict_of(index, image, image ? domain::Orientation::video : job.spec.orientation);
        for (const auto& text : verdict.errors) {
            places.tell(index, {Complaint::Severity::error, at, text});
            if (!may_come(index) && e.manifest && !e.manifest->partial) e.hopeless = true;
            job.spec.invalid += (job.spec.invalid.empty() ? "" : "; ") + text;
        }
        for (const auto& text : verdict.warnings) places.tell(index, {Complaint::Severity::warning, at, text});
    };
    for (auto& job : e.jobs) {
        apply(job, job.image, job.spec.image.at, true);
        apply(job, job.motion, job.spec.motion.at, false);
        const auto& motion = e.inputs[job.motion];
        const auto advice = domain::advice_on_shapes(e.inputs[job.image].facts, motion.facts);
        if (!advice.empty() && job.spec.invalid.empty())
            places.tell(job.motion, {Complaint::Severity::warning, job.spec.motion.at, in_quotes(motion.source) + ": " + advice});
        job.length = motion.root == "url" ? job.spec.seconds.value_or(std::chrono::milliseconds{0}) : motion.facts.duration;
    }
    places.close();
    for (std::size_t i = 0; i < e.inputs.size(); i++) {
        if (seen[i].may_come)
            e.missing.push_back(e.inputs[i].source + " is not there yet");
        else if (may_come(i))
            e.missing.push_back(e.inputs[i].source + " is not complete yet");
    }
}

asio::awaitable<std::optional<std::string>> Examiner::hash(const spool::Place& place, Examination& e) {
    std::vector<bool> wanted(e.inputs.size());  // what only bad jobs name may be anything, and of any size
    for (const auto& job : e.jobs) {
        if (job.spec.invalid.empty()) wanted[job.image] = wanted[job.motion] = true;
    }
    for (std::size_t i = 0; i < e.inputs.size(); i++) {
        auto& input = e.inputs[i];
        if (!wanted[i] || input.root == "url" || input.root == "none") continue;
        auto outcome = place.open(input.source);
        const auto* opened = std::get_if<spool::OpenedInput>(&outcome);
        if (opened == nullptr && std::get<spool::Refusal>(outcome).why == spool::Refusal::Why::trouble) {
            e.trouble = in_quotes(input.source) + " " + std::get<spool::Refusal>(outcome).text;
            co_return e.trouble;
        }
        if (opened == nullptr) co_return input.source + " is gone";
        if (stamp_of(opened->fd.get()) != input.stamp) co_return input.source + std::string{changed_meanwhile};
        reading(input.source);
        system::Sha256 hash;
        std::uint64_t size = 0;
        std::vector<char> piece(256u << 10);  // less than a millisecond
        for (;;) {
            const auto n = ::read(opened->fd.get(), piece.data(), piece.size());
            if (n < 0) {
                auto problem = spool::problem_of(input.source + " cannot be read", errno);
                if (is_trouble(errno)) e.trouble = problem.text;
                co_return std::move(problem.text);
            }
            if (n == 0) break;
            hash.update(std::span{piece}.first(static_cast<std::size_t>(n)));
            size += static_cast<std::uint64_t>(n);
            co_await asio::post(executor_, asio::use_awaitable);
        }
        if (stamp_of(opened->fd.get()) != input.stamp) co_return input.source + std::string{changed_meanwhile};
        input.facts.bytes = size;
        input.sha256 = hash.hex();
    }
    const auto stage = e.manifest->finish == domain::Finish::ask ? domain::Stage::draft : domain::Stage::single;
    for (std::size_t i = 0; i < e.jobs.size(); i++) {
        auto& job = e.jobs[i];
        if (job.spec.invalid.empty()) job.render = render_of(settings_.model, e.inputs[job.image], e.inputs[job.motion], job.spec, stage);
        if (i % 256 == 255) co_await asio::post(executor_, asio::use_awaitable);
    }
    warn_of_equal_jobs(e, {settings_.prices, {}, {}});
    co_return std::nullopt;
}

}  // namespace motionspool::app
