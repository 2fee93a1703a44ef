#pragma once
#include <functional>
#include "app/witness.hpp"

namespace motionspool::app {

/// What stands when an old database was put back: nothing is submitted, everything else goes on.
class Quarantine {
public:
    Quarantine(const config::Config&, Witness&, store::Store&);
    /// Called when it is over. Set before end().
    std::function<void()> ended = [] {};
    /// Why it began, what ending it means, and which jobs would then be submitted; or that there is none. Text of several lines for people.
    [[nodiscard]] std::string show();
    /// Ends it: attempts are counted on from the highest the side-files know. @return what that means now; a Problem if there is none, or a side-file cannot
    /// be written
    [[nodiscard]] Result<std::string> end();

private:
    const config::Config& config_;
    Witness& witness_;
    store::Store& store_;
};

/// Quarantine::show() from a database alone, the daemon running or not.
/// @param ahead why its next start is in quarantine, if it does not run (quarantine_ahead())
[[nodiscard]] std::string quarantine_text(store::Store&, const config::Config&, const std::optional<std::string>& ahead = std::nullopt);

}  // namespace motionspool::app
