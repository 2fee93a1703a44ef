#pragma once
#include <string>
#include "config/config.hpp"

namespace CLI {
class App;
}

namespace motionspool {

/// What every command understands, wherever it stands on the line.
struct Options {
    std::string config;
    bool json = false;
};

struct ConfigFile {
    std::string path;  ///< empty: there is none, and the defaults hold
    config::LoadedConfig loaded;
};
/// Reads `--config`, else $MOTIONSPOOL_CONFIG, else /etc/motionspool/motionspool.yaml. All its errors go to standard error.
/// @param must_exist false: no file at the default place means the defaults
/// @throws Exit 78
[[nodiscard]] ConfigFile read_config(const Options&, bool must_exist = true);

}  // namespace motionspool
