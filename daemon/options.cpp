#include "options.hpp"
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include "access.hpp"
#include "config/as_written.hpp"
#include "exit.hpp"
#include "system/sha256.hpp"

namespace motionspool {
namespace {
constexpr const char* default_path = "/etc/motionspool/motionspool.yaml";
}

ConfigFile load_config(const Options& options, bool must_exist) {
    const char* variable = std::getenv("MOTIONSPOOL_CONFIG");
    const std::string from_environment = variable == nullptr ? "" : variable;
    const bool named = !options.config.empty() || !from_environment.empty();
    const std::string path = !options.config.empty() ? options.config : named ? from_environment : default_path;
    std::error_code no_folder;
    if (std::filesystem::is_directory(path, no_folder)) throw Exit{EX_CONFIG, "the configuration " + path + " is a directory; name the file in it"};
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        const int error = errno;
        if (!must_exist && !named && error == ENOENT) return {"", "", config::parse_config("")};
        if (error == EACCES) throw Exit{EX_NOPERM, "you may not read the configuration " + path + "; " + whom_to_ask(path)};
        throw Exit{EX_CONFIG, "cannot read the configuration " + path + ": " + std::strerror(error) + "; name another one with --config FILE"};
    }
    std::ostringstream bytes;
    bytes << file.rdbuf();
    return {path, bytes.str(), config::parse_config(bytes.str())};
}

std::string fingerprint(const ConfigFile& file) { return system::sha256_hex(config::without_comments(file.bytes)); }

ConfigFile read_config(const Options& options, bool must_exist) {
    auto read = load_config(options, must_exist);
    for (const auto& line : to_lines(read.loaded.complaints, read.path, read.bytes)) std::cerr << line << "\n";
    if (any_error(read.loaded.complaints)) throw Exit{EX_CONFIG, "the configuration " + read.path + " has errors; nothing was started"};
    return read;
}

}  // namespace motionspool
