#include "options.hpp"
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include "base/text.hpp"
#include "exit.hpp"

namespace motionspool {
namespace {
constexpr const char* default_path = "/etc/motionspool/motionspool.yaml";
}

ConfigFile read_config(const Options& options, bool must_exist) {
    const char* variable = std::getenv("MOTIONSPOOL_CONFIG");
    const std::string from_environment = variable == nullptr ? "" : variable;
    const bool named = !options.config.empty() || !from_environment.empty();
    const std::string path = !options.config.empty() ? options.config : named ? from_environment : default_path;
    std::ifstream file{path, std::ios::binary};
    if (!file) {
        if (!must_exist && !named && errno == ENOENT) return {"", config::parse_config("")};
        throw Exit{EX_CONFIG, "cannot read the configuration " + path + ": " + std::strerror(errno) + "; name another one with --config FILE"};
    }
    std::ostringstream bytes;
    bytes << file.rdbuf();
    ConfigFile read{path, config::parse_config(bytes.str())};
    for (const auto& line : to_lines(read.loaded.complaints, path, bytes.str())) std::cerr << line << "\n";
    if (any_error(read.loaded.complaints)) throw Exit{EX_CONFIG, "the configuration " + path + " has errors; nothing was started"};
    return read;
}

}  // namespace motionspool
