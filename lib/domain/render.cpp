#include "domain/render.hpp"
#include <algorithm>
#include <unordered_map>
#include "base/text.hpp"

namespace motionspool::domain {
namespace {

/// Each part with its length before it, so that no two lists of parts give one text.
std::string joined(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) text.append(std::to_string(part.size())).append(":").append(part).append("\n");
    return text;
}

std::string modes_of(const Render& render) {
    switch (render.stage) {
        case Stage::single: return to_string(render.mode);
        case Stage::draft:
        case Stage::final: return to_string(Mode::p720) + "+" + to_string(Mode::p1080);
    }
    return {};
}

}  // namespace

std::string text_of(const Render& render) {
    const auto prompt = render.prompt.substr(0, render.prompt.find_last_not_of('\n') + 1);
    return joined({"render 1", render.model, render.image, render.motion, prompt, modes_of(render), to_string(render.orientation)});
}

std::string text_of_drop(std::vector<std::string> renders) {
    std::ranges::sort(renders);
    std::string text = joined({"drop 1"});
    for (const auto& render : renders) text += render + "\n";
    return text;
}

std::string text_of_run(std::string_view drop, int run) { return joined({"batch 1", drop, std::to_string(run)}); }

std::string text_of_run(std::string_view drop, int run, BatchId appended_to) {
    return joined({"append 1", drop, std::to_string(run), std::to_string(appended_to.value())});
}

std::vector<Equals> equal_jobs(std::span<const EqualJob> jobs) {
    std::vector<Equals> groups;
    std::unordered_map<std::string_view, std::size_t> by_render;
    for (std::size_t i = 0; i < jobs.size(); i++) {
        const auto& job = jobs[i];
        if (job.render.empty()) continue;
        const auto [known, fresh] = by_render.try_emplace(job.render, groups.size());
        if (fresh) groups.emplace_back();
        auto& group = groups[known->second];
        if (!job.take) group.entries.push_back(i);
        if (group.entries.size() > 1) group.cost += job.cost;
        ++group.jobs;
    }
    std::erase_if(groups, [](const Equals& group) { return group.entries.size() < 2; });
    return groups;
}

std::string some_of(std::span<const std::string_view> names) {
    constexpr std::size_t most = 5;
    const auto told = names.size() <= most ? names.size() : most - 1;
    std::string text;
    for (std::size_t i = 0; i < told; i++) {
        const bool last = i + 1 == names.size();
        text.append(i == 0 ? "" : last ? " and " : ", ").append("\"").append(names[i]).append("\"");
    }
    return told == names.size() ? text : text + " and " + std::to_string(names.size() - told) + " more";
}

std::string equal_jobs_text(std::span<const std::string_view> names, std::size_t jobs, Credits cost) {
    return "the jobs " + some_of(names) + " render the same (equal image, motion, prompt, mode and orientation); the repeats cost " + in_words(cost) +
           "; leave them out, or write `takes: " + std::to_string(jobs) + "` in one job if they are meant";
}

std::string known_jobs_text(std::span<const std::string_view> names, std::size_t of, std::string_view batch, Credits cost) {
    const bool one = names.size() == 1;
    return std::to_string(names.size()) + " of " + count_of(of, "job") + " (" + some_of(names) + ") would render what batch \"" + std::string{batch} +
           "\" renders already (equal image, motion, prompt, mode and orientation), for " + in_words(cost) + "; leave " + (one ? "it" : "them") +
           " out if that is not meant";
}

std::string twin_text(std::string_view batch, bool appended, int free_run) {
    return "what this would render was " + std::string{appended ? "appended to" : "accepted as"} + " batch \"" + std::string{batch} +
           "\" already (the same images, motions, prompts, modes and orientations, however the manifest is written), which is not changed by this; if it is "
           "meant to be rendered again, write `run: " +
           std::to_string(free_run) + "` into it";
}

}  // namespace motionspool::domain
