#include "app/batch_settings.hpp"
#include <set>
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

std::string one_of_the_shares(const std::string& value, const config::Config& config) {
    std::vector<std::string> names{"none"};
    std::vector<std::string_view> candidates;
    for (const auto& [name, share] : config.shares) {
        names.push_back(name);
        candidates.push_back(name);
    }
    const auto near = nearest(value, candidates);
    return join(names, ", ") + (near.empty() ? "" : "; did you mean \"" + std::string{near} + "\"?");
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
        if (!none && !config.shares.contains(domain::nfc(value))) return "a share of the configuration: " + one_of_the_shares(domain::nfc(value), config);
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
    std::set<std::string> seen;
    if (texts.empty()) return Problem{"nothing to set; expected KEY=VALUE with priority, share, window or budget"};
    for (const auto& text : texts) {
        const auto equals = text.find('=');
        const auto key = text.substr(0, equals);
        const bool known = key == "priority" || key == "share" || key == "window" || key == "budget";
        if (equals == std::string::npos || !known) return Problem{"\"" + text + "\" sets nothing; expected KEY=VALUE with priority, share, window or budget"};
        if (!seen.insert(key).second) return Problem{"`" + key + "` is set twice; set it once"};
        const auto expected = read_one(key, text.substr(equals + 1), config, settings);
        if (expected) return Problem{"`" + key + "` is \"" + text.substr(equals + 1) + "\"; expected " + *expected};
    }
    return settings;
}

std::optional<std::string> beyond_share(const BatchSettings& settings, const std::string& share, int priority, const config::Config& config) {
    if (!settings.share && !settings.priority) return std::nullopt;
    const auto found = config.shares.find(settings.share.value_or(share));
    const int wanted = settings.priority.value_or(priority);
    if (found == config.shares.end() || wanted <= found->second.max_priority) return std::nullopt;
    const auto most = std::to_string(found->second.max_priority);
    return "the batch's priority would be " + std::to_string(wanted) + ", and the share " + found->first + " has at most " + most + " (shares." + found->first +
           ".max_priority); set priority=" + most + " as well";
}

}  // namespace motionspool::app
