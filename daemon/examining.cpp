#include "examining.hpp"
#include <fcntl.h>
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json/object.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include "exit.hpp"
#include "spool/files.hpp"
#include "spool/manifest_file.hpp"
#include "spool/names.hpp"

namespace motionspool {
namespace asio = boost::asio;
namespace fs = std::filesystem;
namespace json = boost::json;
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, int error) {
    const int code = error == EACCES || error == EPERM ? EX_NOPERM : EX_NOINPUT;
    throw Exit{code, "cannot read " + path.string() + ": " + std::strerror(error)};
}

NamedManifest find_manifest(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
        const std::filesystem::path file{path};
        return {file.has_parent_path() ? file.parent_path() : ".", file, {}};
    }
    const auto folder = spool::open_folder(AT_FDCWD, path, spool::Follow::yes);
    if (!folder) refuse(path, errno);
    auto outcome = spool::open_manifest(folder.get());
    if (const auto* refusal = std::get_if<spool::Refusal>(&outcome)) throw Exit{EX_NOINPUT, path + ": " + refusal->text};
    return {path, std::filesystem::path{path} / std::get<spool::OpenedInput>(outcome).path, {}};
}

asio::awaitable<app::Examination> look(app::Examiner& examiner, const spool::Place& place, const NamedManifest& named, std::string bytes, Hash hash) {
    auto examining = examiner.examine(place, named.file.string(), std::move(bytes), named.alone, nullptr);
    auto e = co_await std::move(examining);
    if (hash == Hash::no || !e.acceptable()) co_return e;
    auto hashing = examiner.hash(place, e);
    const auto trouble = co_await std::move(hashing);
    if (trouble) {
        e.complaints.push_back({Complaint::Severity::error, {}, *trouble});
        e.partly_usable = false;
    }
    co_return e;
}

app::Examination examine(const config::Config& config, const spool::Place& place, const NamedManifest& named, std::string bytes, Hash hash) {
    const auto program = media::find_probe_program();
    if (!program) throw Exit{EX_UNAVAILABLE, program.problem().text};
    asio::io_context io{1};
    const auto probe = media::make_probe(io.get_executor(), *program);
    app::Examiner examiner{
        io.get_executor(),
        *probe,
        {config.manifest_defaults, config::manifest_limits(config), app::loopback_origins(config), config.provider.model, config.credits.prices()}};
    app::Examination result;
    std::exception_ptr failure;
    auto on_end = [&](std::exception_ptr error, app::Examination e) {
        failure = std::move(error);
        result = std::move(e);
    };
    asio::co_spawn(io, look(examiner, place, named, std::move(bytes), hash), std::move(on_end));
    io.run();
    if (failure) std::rethrow_exception(failure);
    return result;
}

spool::Place folder_of(const NamedManifest& named) {
    auto folder = spool::open_folder(AT_FDCWD, named.folder.string(), spool::Follow::yes);
    if (!folder) refuse(named.folder, errno);
    return spool::Place::folder(std::move(folder));
}

fs::path incoming_of(const config::Config& config) { return fs::path{config.spool.directory} / "incoming"; }

NamedManifest examine_alone(const config::Config& config, NamedManifest named, Hash hash) {
    named.alone = true;
    const auto incoming = spool::open_folder(AT_FDCWD, incoming_of(config).string(), spool::Follow::yes);  // need not be there yet
    const auto& roots = config.spool.media_roots;
    const auto place = spool::Place::media_roots({roots.begin(), roots.end()}, incoming.get());
    auto bytes = std::move(named.examination.bytes);
    named.examination = examine(config, place, named, std::move(bytes), hash);
    return named;
}

/// A file beside it, or, where it is alone, under the media roots.
bool finds_any(const NamedManifest& named) {
    return std::ranges::any_of(named.examination.inputs, [](const app::ExaminedInput& input) { return input.root != "none" && input.root != "url"; });
}

}  // namespace

NamedManifest examine_as_dropped(const config::Config& config, const std::string& path, Hash hash) {
    auto named = examine_named(config, path, hash);
    if (named.file != path) return named;  // a folder was named
    std::error_code error;
    if (fs::equivalent(named.folder, incoming_of(config), error)) return examine_alone(config, std::move(named), hash);
    const bool of_folder = spool::manifest_in_folder(named.file.filename().string()) != spool::ManifestName::no;
    if (of_folder || finds_any(named) || config.spool.media_roots.empty()) return named;
    auto alone = examine_alone(config, named, hash);
    return finds_any(alone) ? alone : named;
}

NamedManifest examine_named(const config::Config& config, const std::string& path, Hash hash) {
    auto named = find_manifest(path);
    const UniqueFd file{::open(named.file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file) refuse(named.file, errno);
    auto bytes = spool::read_beginning(file.get(), config.limits.manifest_bytes + 1);
    if (!bytes) throw Exit{EX_NOINPUT, named.file.string() + ": " + bytes.problem().text};
    named.examination = examine(config, folder_of(named), named, std::move(*bytes), hash);
    return named;
}

json::array as_json(const Complaints& complaints, const std::string& bytes) {
    json::array list;
    const auto places = places_of(complaints, bytes);
    for (std::size_t i = 0; i < places.size(); i++) {
        const auto& complaint = complaints[i];
        list.push_back(json::object{{"line", places[i].line},
                                    {"column", places[i].column},
                                    {"severity", complaint.severity == Complaint::Severity::error ? "error" : "warning"},
                                    {"message", complaint.text}});
    }
    return list;
}

bool print_complaints(const NamedManifest& named) {
    for (const auto& line : to_lines(named.examination.complaints, named.file.string(), named.examination.bytes)) std::cerr << line << "\n";
    return any_error(named.examination.complaints);
}

}  // namespace motionspool
