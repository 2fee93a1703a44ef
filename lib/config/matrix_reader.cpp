#include "config/matrix_reader.hpp"
#include <algorithm>
#include <array>
#include <set>
#include "config/fields.hpp"
#include "config/job_fields.hpp"
#include "domain/names.hpp"

namespace motionspool::config {
namespace {

using domain::MatrixPrompt;
using domain::Written;

/// One side of the cross product.
std::vector<Written> read_files(Fields& fields, std::string_view key, const std::optional<Written>& by_default, Report& report) {
    const auto item = fields.find(key);
    if (!item) {
        if (by_default) return {*by_default};
        fields.missing(key, "a list of paths or https URLs");
        return {};
    }
    const auto entries = read_list(*item, report);
    if (!entries) return {};
    if (entries->empty()) report.error(item->at(), subject(*item) + " is an empty list; expected at least one path or https URL");
    std::vector<Written> files;
    std::set<std::string> seen;
    for (const auto& entry : *entries) {
        auto file = read_file_or_url(entry, report);
        if (!file) continue;
        if (!seen.insert(file->text).second)
            report.warning(file->at, in_quotes(file->text) + " is listed twice in " + subject(*item) + " and is rendered twice; use `takes` if that is meant");
        files.push_back(std::move(*file));
    }
    return files;
}

std::optional<MatrixPrompt> read_prompt(std::string key, const Item& item, Report& report) {
    auto text = read_prose(item, most_prompt_characters, report);
    if (!text) return std::nullopt;
    return MatrixPrompt{std::move(key), std::move(*text)};
}

std::vector<MatrixPrompt> read_prompt_list(const Node& list, Report& report) {
    std::vector<MatrixPrompt> prompts;
    for (const auto& item : list.items)
        if (auto prompt = read_prompt(std::to_string(prompts.size() + 1), {"an entry of `matrix.prompt`", item}, report)) prompts.push_back(std::move(*prompt));
    return prompts;
}

std::vector<MatrixPrompt> read_prompt_map(const Node& map, Report& report) {
    std::vector<MatrixPrompt> prompts;
    for (const auto& [key, value] : map.fields) {
        const auto problem = domain::name_problem(key.text);
        if (problem) report.error(key.at, "the prompt's key " + in_quotes(key.text) + " " + *problem);
        if (auto prompt = read_prompt(domain::nfc(key.text), {"matrix.prompt." + shortened(key.text), value}, report)) prompts.push_back(std::move(*prompt));
    }
    return prompts;
}

std::vector<MatrixPrompt> read_prompts(Fields& fields, Report& report) {
    const auto item = fields.find("prompt");
    if (!item) return {};
    const bool list = item->node.kind == Node::Kind::list, map = item->node.kind == Node::Kind::map;
    if (!list && !map) {
        complain_wrong(*item, "a list of prompts, or keys with a prompt each", report);
        return {};
    }
    if (item->node.items.empty() && item->node.fields.empty())
        report.error(item->at(), "`matrix.prompt` is empty; expected at least one prompt, or leave it out");
    return list ? read_prompt_list(item->node, report) : read_prompt_map(item->node, report);
}

std::string belongs_to_defaults(std::string_view key) {
    constexpr std::array<std::string_view, 3> keys{"mode", "orientation", "seconds"};
    if (std::ranges::find(keys, key) == keys.end()) return belongs_to_manifest(key);
    return "`" + std::string{key} + "` cannot be written in `matrix`; write it under `defaults`";
}

}  // namespace

domain::Matrix read_matrix(const Item& item, const JobDefaults& defaults, int most_takes, Report& report) {
    domain::Matrix matrix;
    matrix.at = item.at();
    if (!require_map(item, "keys such as image: and motion:", report)) return matrix;
    Fields fields{item.node, "matrix.", report};
    matrix.images = read_files(fields, "image", defaults.image, report);
    matrix.motions = read_files(fields, "motion", defaults.motion, report);
    for (auto* const files : {&matrix.images, &matrix.motions})
        for (auto& file : *files)
            if (file.at == Offset{}) file.at = matrix.at;  // a default of the configuration
    matrix.prompts = read_prompts(fields, report);
    matrix.takes = defaults.takes;
    fields.read("takes", matrix.takes, read_integer, 1, most_takes);
    if (const auto id = fields.find("id")) {
        matrix.id_at = id->at();
        matrix.id = read_text(*id, report).value_or("");
        if (id->node.is_text() && id->node.text.empty()) report.error(id->at(), "`matrix.id` is empty; expected a pattern such as \"{image}-{motion}\"");
    }
    fields.finish(belongs_to_defaults);
    matrix.prompt = defaults.prompt;
    matrix.mode = defaults.mode;
    matrix.orientation = defaults.orientation;
    matrix.seconds = defaults.seconds;
    for (const auto& motion : matrix.motions) check_length(motion, matrix.seconds, matrix.orientation, motion.at, "under `defaults`", report);
    return matrix;
}

}  // namespace motionspool::config
