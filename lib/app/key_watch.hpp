#pragma once
#include <functional>
#include <set>
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "domain/recognition.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// So many answers about a task that was given up are waited for, one an hour: three days, and longer by as long as nobody answers.
inline constexpr int late_questions = 72;

/// Which API key is in use, as the schema's `attempts.key` has it.
[[nodiscard]] std::string fingerprint_of(const system::Secret& key, store::Store&);
/// Why the key in use is probably another account's, as far as the database tells; nothing is submitted then.
[[nodiscard]] std::optional<std::string> key_doubt(store::Store&);

/// Does the provider know our tasks under the key in use? Told of every answer about one.
class KeyWatch {
public:
    KeyWatch(const Settings&, Clock&, store::Store&);
    /// A doubt came up, or is over.
    std::function<void()> changed = [] {};

    /// Time has gone by: a doubt is over once nobody asks about a task of another key any more.
    void look_again();
    /// Before anything is sent: warns of tasks of another key, and takes up a doubt about this one.
    void recover();
    /// This very key made it.
    [[nodiscard]] bool own(const store::Attempt&) const;
    /// Whether its task is known should be found out soon.
    [[nodiscard]] bool in_question(const store::Attempt&);
    /// Its task is known: it, and all of the key that made it, are of this account.
    void known(const store::Attempt&);
    /// It is not. @param next when it is asked about again @param old enough not to be just made
    void unknown(const store::Attempt&, BootTime next, bool old);
    /// The provider refuses the key. @param next when it is asked again
    void refused(const store::Attempt&, const std::string& message, BootTime next);
    /// Nobody asks about it any more.
    void over(AttemptId);
    /// A person says that this key is meant. @return whether it was in doubt
    bool meant();

private:
    void judge();
    /// Is a task of another key under way, or given up, of which the last word was that it is not known?
    [[nodiscard]] bool of_others_unknown();
    void accepted();

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    domain::Recognition seen_;
    bool taken_up_ = false;    ///< a doubt of the process before: what it rests on has not been asked about yet
    std::set<JobId> refused_;  ///< jobs of tasks for which the key was refused, since the last answer that tells of one
};

}  // namespace motionspool::app
