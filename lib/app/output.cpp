#include "app/output.hpp"
#include <fcntl.h>
#include <unistd.h>
#include <array>
#include <cerrno>
#include <system_error>
#include "spool/files.hpp"
#include "system/atomic_file.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
namespace {

void replace_all(std::string& text, std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
}

[[noreturn]] void fail(int error, const std::string& what) { throw std::system_error(error, std::generic_category(), what); }

}  // namespace

std::string final_name(const config::OutputSettings& output, const domain::Zone& zone, const store::Job& job, unsigned n) {
    std::string name = job.stage == domain::Stage::draft ? output.draft_name : output.name;
    replace_all(name, "{batch}", job.batch_name);
    replace_all(name, "{job}", job.name);
    replace_all(name, "{date}", domain::date_at(job.created, zone));
    std::filesystem::path path = std::filesystem::path{output.directory} / name;
    if (n > 1) path.replace_filename(path.stem().string() + "." + std::to_string(n) + path.extension().string());
    return path.string();
}

std::filesystem::path part_name(const config::OutputSettings& output, const domain::Zone& zone, const store::Job& job, AttemptId attempt) {
    const std::filesystem::path final = final_name(output, zone, job, 1);
    return final.parent_path() / ("." + std::to_string(attempt.value()) + "-" + std::to_string(job.id.value()) + ".part");
}

std::filesystem::path temporary_name(const config::OutputSettings& output, const domain::Zone& zone, const store::Job& job, AttemptId attempt) {
    auto part = part_name(output, zone, job, attempt);
    make_folders(part.parent_path());
    return part;
}

void make_folders(const std::filesystem::path& folder) {
    std::error_code error;
    if (folder.empty() || std::filesystem::is_directory(folder, error)) return;
    make_folders(folder.parent_path());
    if (!std::filesystem::create_directory(folder, error) && error) fail(error.value(), "cannot create the folder " + folder.string());
    const auto synced = system::sync_folder(folder.parent_path());
    if (!synced) throw std::system_error(std::make_error_code(std::errc::io_error), synced.problem().text);
}

bool give_name(const std::filesystem::path& from, const std::string& to) {
    const int error = spool::rename_new(AT_FDCWD, from.string(), AT_FDCWD, to);
    if (error == EEXIST) return false;
    if (error != 0) fail(error, "cannot rename to " + to);
    return true;
}

bool is_this_file(const std::string& path, std::uint64_t bytes, const std::string& sha256) {
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
    if (!file || ::lseek(file.get(), 0, SEEK_END) != static_cast<off_t>(bytes) || ::lseek(file.get(), 0, SEEK_SET) != 0) return false;
    system::Sha256 hash;
    std::array<char, 65536> piece;
    for (;;) {
        const auto n = ::read(file.get(), piece.data(), piece.size());
        if (n < 0) return false;
        if (n == 0) break;
        hash.update({piece.data(), static_cast<std::size_t>(n)});
    }
    return hash.hex() == sha256;
}

}  // namespace motionspool::app
