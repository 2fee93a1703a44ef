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
    std::string bytes;
    config::LoadedConfig loaded;
};
/// Reads `--config`, else $MOTIONSPOOL_CONFIG, else /etc/motionspool/motionspool.yaml, whatever is wrong in it.
/// @param must_exist false: no file at the default place means the defaults
/// @throws Exit 77, 78 if it cannot be read
[[nodiscard]] ConfigFile load_config(const Options&, bool must_exist = true);
/// The same, to be used: all its errors go to standard error. @throws Exit 77, 78
[[nodiscard]] ConfigFile read_config(const Options&, bool must_exist = true);

/// What tells one configuration from another: the same for a file whose comments alone have changed.
[[nodiscard]] std::string fingerprint(const ConfigFile&);

}  // namespace motionspool
