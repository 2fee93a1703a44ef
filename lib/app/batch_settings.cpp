#include "app/batch_settings.hpp"
#include "base/text.hpp"
#include "config/scalars.hpp"
#include "domain/names.hpp"

namespace motionspool::app {
namespace {

std::string one_of_the_windows(const config::Config& config) {
    std::vector<std::string> names{"none"};
    for (const auto& [name, window] : config.windows) names.push_back(name);
    return join(names, ", ");
}

/// @return what was expected instead, or nothing
std::optional<std::string> read_one(const std::string& key, const std::string& value, const config::Config& config, BatchSettings& settings) {
    const bool none = value == "none";
    if (key == "priority") {
        const auto number = config::parse_integer(value);
        if (!number || *number < -100 || *number > 100) return "a whole number from -100 to 100";
        settings.priority = static_cast<int>(*number);
    } else if (key == "share") {
        if (const auto problem = domain::name_problem(value)) return "a name or none; it " + *problem;
        settings.share = none ? "" : domain::nfc(value);
    } else if (key == "window") {
        if (!none && !config.windows.contains(value)) return "a window of the configuration: " + one_of_the_windows(config);
        settings.window = none ? "" : value;
    } else if (key == "budget") {
        const auto credits = none ? std::optional<Credits>{} : parse_credits(value);
        if (!none && (!credits || *credits < Credits{})) return "credits, or none";
        settings.budget = credits;
    }
    return std::nullopt;
}

}  // namespace

Result<BatchSettings> read_batch_settings(const std::vector<std::string>& texts, const config::Config& config) {
    BatchSettings settings;
    if (texts.empty()) return Problem{"nothing to set; expected KEY=VALUE with priority, share, window or budget"};
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        const auto key = text.substr(0, equals);
        const bool known = key == "priority" || key == "share" || key == "window" || key == "budget";
        if (equals == std::string::npos || !known) return Problem{"\"" + text + "\" sets nothing; expected KEY=VALUE with priority, share, window or budget"};
        const auto expected = read_one(key, text.substr(equals + 1), config, settings);
        if (expected) return Problem{"`" + key + "` is \"" + text.substr(equals + 1) + "\"; expected " + *expected};
    }
    return settings;
}

}  // namespace motionspool::app
