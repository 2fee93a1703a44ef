#pragma once
#include "config/config.hpp"
#include "http/message.hpp"
#include "system/secret.hpp"

namespace motionspool::app {

/// The configuration with everything looked up that the street needs ready.
struct Settings {
    config::Config config;
    std::string instance;  ///< never empty
    http::Origin api, upload;
    system::Secret key;
    std::optional<system::Secret> webhook_key;  ///< signs callbacks; nothing: their URL's secret is all the proof there is
};

}  // namespace motionspool::app
