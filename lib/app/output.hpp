#pragma once
#include <filesystem>
#include <string>
#include "config/config.hpp"
#include "domain/calendar.hpp"
#include "store/jobs.hpp"

// The names of delivered files, and giving them. Names consist of what job and batch names may hold, so no path can leave the output folder.
namespace motionspool::app {

/// The absolute path of a job's video: `output.name` filled in, {date} with the local date of its acceptance; n > 1 puts ".n" before the extension, for names
/// that are taken.
[[nodiscard]] std::string final_name(const config::OutputSettings&, const domain::Zone&, const store::Job&, unsigned n);
/// Where it is fetched to: hidden, in the same folder.
[[nodiscard]] std::filesystem::path part_name(const config::OutputSettings&, const domain::Zone&, const store::Job&, AttemptId);
/// The same, and the folder is made (durably) if need be. @throws std::system_error
[[nodiscard]] std::filesystem::path temporary_name(const config::OutputSettings&, const domain::Zone&, const store::Job&, AttemptId);

/// Renames, unless the name is taken; the folder's fsync makes it durable. @return false if it is taken. @throws std::system_error
[[nodiscard]] bool give_name(const std::filesystem::path& from, const std::string& to);
/// Is the file there, with this size and hash?
[[nodiscard]] bool is_this_file(const std::string& path, std::uint64_t bytes, const std::string& sha256);
/// Makes a folder and those above it, durably. @throws std::system_error
void make_folders(const std::filesystem::path& folder);

}  // namespace motionspool::app
