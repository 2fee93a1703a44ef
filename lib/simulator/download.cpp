#include <algorithm>
#include <boost/json/parse.hpp>
#include "simulator/crypt.hpp"
#include "simulator/record.hpp"
#include "simulator/slice.hpp"

namespace motionspool::simulator {
namespace {

constexpr std::string_view folder = "/r/", moved_folder = "/r/moved/", extension = ".mp4";

/// The task whose result a path names.
Task* task_of(World& world, std::string_view path) {
    if (path.starts_with(moved_folder))
        path.remove_prefix(moved_folder.size());
    else if (path.starts_with(folder))
        path.remove_prefix(folder.size());
    else
        return nullptr;
    if (!path.ends_with(extension)) return nullptr;
    path.remove_suffix(extension.size());
    const auto found = world.tasks.find(std::string{path});
    return found == world.tasks.end() ? nullptr : &found->second;
}

bool link_is_good(const World& world, const Task& task, std::string_view query, milliseconds now) {
    if (const auto token = query_value(query, "fresh")) {
        return std::any_of(task.links.begin(), task.links.end(), [&](const FreshLink& link) { return link.token == *token && now < link.expires; });
    }
    return !has(task.faults, Fault::expired_link) && now < task.ends + world.options.link_ttl;
}

Planned redirect(std::string where) {
    auto planned = html_answer(302, "302 Found");
    planned.reply.headers.push_back({"Location", std::move(where)});
    return planned;
}

/// What replaces the result, if one of its faults does.
std::optional<Planned> instead(const World& world, const Task& task, const FaultSet& faults, const Visit& visit) {
    const std::string query = visit.target.query.empty() ? "" : "?" + std::string{visit.target.query};
    const bool moved = visit.target.path.starts_with(moved_folder);
    if (has(faults, Fault::download_500)) return html_answer(500, "500 Internal Server Error");
    if (has(faults, Fault::html_download)) return html_answer(200, "Please wait");
    if (has(faults, Fault::redirect_foreign)) return redirect("http://169.254.169.254/latest/meta-data/");
    if (has(faults, Fault::redirect_loop)) return redirect(world.base + visit.request.target);
    if (has(faults, Fault::redirect_download) && !moved) return redirect(world.base + std::string{moved_folder} + task.id + std::string{extension} + query);
    if (!has(faults, Fault::empty_download)) return std::nullopt;
    Planned nothing;
    nothing.reply.headers.push_back({"Content-Type", "video/mp4"});
    return nothing;
}

/// The same length, with a beginning that is no container.
ContentPtr corrupted(World& world, const Content& content) {
    static constexpr std::string_view rubbish = "corrupted-on-purpose-";
    auto bytes = content.text();
    for (std::size_t i = 0; i < std::min<std::size_t>(64, bytes.size()); ++i) bytes[i] = rubbish[i % rubbish.size()];
    return world.contents.keep(bytes);
}

/// Where the body is cut, if one of the faults cuts it. The request behind a cut-download is served.
std::optional<std::uint64_t> cut_at(Task& task, const FaultSet& faults, const Slice& slice) {
    const bool cut = has(faults, Fault::cut_download) && !task.just_cut;
    task.just_cut = cut;
    if (slice.count == 0) return std::nullopt;
    if (cut || has(task.faults, Fault::always_cut_download)) return slice.count / 2;
    if (has(faults, Fault::short_download)) return slice.count - 1;
    return std::nullopt;
}

Planned result_of(World& world, Visit& visit, Task& task) {
    ++world.totals.downloads;
    if (http::find(visit.request.headers, "Authorization")) ++world.totals.downloads_with_key;
    const auto faults = world.plan.draw(Stage::download, task.marks, task.marks_used);
    note_fault(visit.note, faults | task.faults);
    if (auto other = instead(world, task, faults, visit)) return std::move(*other);
    const auto content = has(task.faults, Fault::corrupt_download) ? corrupted(world, *task.result) : task.result;
    auto served = serve(visit, *content, "video/mp4", has(faults, Fault::ignore_range));
    served.planned.reply.cut_body_after = cut_at(task, faults, served.slice);
    visit.note.more.text("sha256", content->sha256()).number("from", static_cast<std::int64_t>(served.slice.from));
    visit.note.more.number("bytes", static_cast<std::int64_t>(served.slice.count));
    return std::move(served.planned);
}

}  // namespace

Planned result_file(World& world, Visit& visit) {
    auto* task = task_of(world, visit.target.path);
    if (task == nullptr || state_at(*task, visit.now.steady) != State::success) return html_answer(404, "404 Not Found");
    visit.note.more.text("task", task->id);
    if (!link_is_good(world, *task, visit.target.query, visit.now.steady)) return html_answer(403, "403 Forbidden: the request has expired");
    return result_of(world, visit, *task);
}

Planned uploaded_file(World& world, Visit& visit) {
    static constexpr std::string_view files = "/files/";
    const auto path = percent_decoded(visit.target.path.substr(files.size()));
    const auto found = path ? world.uploads.find(*path) : world.uploads.end();
    if (found == world.uploads.end() || visit.now.steady >= found->second.at + world.options.upload_ttl) return html_answer(404, "404 Not Found");
    const auto& upload = found->second;
    auto served = serve(visit, *upload.content, upload.mime, false);
    visit.note.more.text("name", *path).text("sha256", upload.content->sha256()).number("from", static_cast<std::int64_t>(served.slice.from));
    visit.note.more.number("bytes", static_cast<std::int64_t>(served.slice.count));
    return std::move(served.planned);
}

Planned download_url(World& world, Visit& visit) {
    boost::system::error_code error;
    const auto body = boost::json::parse(visit.body, error);
    const auto* url = !error && body.is_object() ? body.get_object().if_contains("url") : nullptr;
    const auto target = url != nullptr && url->is_string() ? our_target(world, {url->get_string().data(), url->get_string().size()}) : std::nullopt;
    auto* task = target ? task_of(world, split_target(*target).path) : nullptr;
    if (task == nullptr || state_at(*task, visit.now.steady) != State::success)
        return coded_answer(world, visit, 422, "The URL is invalid: only URLs of files generated here are supported");
    const auto token = sha256_hex(task->id + std::to_string(world.plan.dice(~0ULL))).substr(0, 24);
    task->links.push_back({token, visit.now.steady + world.options.fresh_link_ttl});
    visit.note.more.text("task", task->id);
    return success_answer(world, visit, json_quoted(world.base + std::string{folder} + task->id + std::string{extension} + "?fresh=" + token));
}

}  // namespace motionspool::simulator
