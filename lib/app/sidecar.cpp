#include "app/sidecar.hpp"
#include <boost/json/parse.hpp>
#include <system_error>
#include "app/json_text.hpp"
#include "app/output.hpp"
#include "system/atomic_file.hpp"

namespace motionspool::app {
namespace json = boost::json;
namespace {

json::value input_facts(store::Store& store, InputId id, Instant now) {
    const auto input = store.jobs.input(id, now);
    if (!input) return nullptr;
    json::object facts{{"source", input->source}};
    if (!input->sha256.empty()) {
        facts["sha256"] = input->sha256;
        facts["bytes"] = input->bytes;
    }
    return facts;
}

/// That was asked for it, whatever is configured by now.
std::string model_of(const store::Attempt& attempt, const config::Config& config) {
    json::error_code error;
    const auto body = json::parse(attempt.request, error);
    const auto* model = !error && body.is_object() ? body.get_object().if_contains("model") : nullptr;
    return model != nullptr && model->is_string() ? std::string{model->get_string()} : config.provider.model;
}

}  // namespace

std::filesystem::path sidecar_of(const config::OutputSettings& output, const store::Job& job) {
    return std::filesystem::path{output.directory} / job.batch_name / "_info" / (job.name + (job.stage == domain::Stage::draft ? ".draft.json" : ".json"));
}

std::filesystem::path write_sidecar(const Settings& settings, store::Store& store, const store::Job& job, const store::Attempt& attempt,
                                    const store::Placing& placing, Instant now) {
    const auto account = store.attempts.account(attempt.id);
    const auto batch = store.batches.get(job.batch);
    json::object info{
        {"batch", job.batch_name},
        {"job", job.name},
        {"stage", std::string{to_string(job.stage)}},
        {"instance", settings.instance},
        {"file", placing.path},
        {"bytes", placing.bytes},
        {"sha256", placing.sha256},
        {"model", model_of(attempt, settings.config)},
        {"mode", to_string(job.mode)},
        {"orientation", to_string(job.orientation)},
        {"prompt", job.prompt},
        {"image", input_facts(store, job.image, now)},
        {"motion", input_facts(store, job.motion, now)},
        {"task", attempt.task.value_or("")},
        {"credits", as_json(account.spent)},
        {"credits_estimated", !attempt.consumed.has_value()},
        {"submitted", to_rfc3339(attempt.armed)},
        {"delivered", to_rfc3339(now)},
    };
    if (batch) {
        info["note"] = batch->note;
        info["labels"] = as_json(batch->labels);
    }
    const auto file = sidecar_of(settings.config.output, job);
    make_folders(file.parent_path());
    const auto written = system::replace_file(file, pretty(info), 0664);
    if (!written) throw std::system_error(std::make_error_code(std::errc::io_error), written.problem().text);
    return file.parent_path();
}

}  // namespace motionspool::app
