#pragma once
#include <functional>
#include <stdexcept>
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "domain/schedule.hpp"
#include "store/store.hpp"
#include "system/lock.hpp"

namespace motionspool::app {

/// The database is no longer the one that was opened: it was removed, or another one lies in its place. What this process knows was saved beside it, if that
/// could be done; begin anew with what is there.
struct StateLost : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// Another daemon has the output folder.
struct OutputHeld : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// What an output folder was used with does not tell whether this one may be: a person must.
struct OutputUnknown : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The folders beside the spool that the service works in, output and state: are they still the ones it began with? What is away is waited for, and nothing is
/// made in its place. (The spool's own look is spool/presence.) A look costs microseconds: take one before each ARM, accept and delivery.
///
/// The output folder is known by its marker, the money side-file in it: made when the folder is first used, before any drop is accepted, and noted in the
/// database (the fact "output") in the same start.
class Places {
public:
    Places(const Settings&, Clock&, store::Store&);

    /// At start: takes the output folder, makes it if it was never used, or finds that it is away.
    /// @param take_over a person says that the folder is meant, whatever was used before
    /// @throws OutputHeld, OutputUnknown; std::runtime_error if it cannot be made or locked
    void begin(bool take_over);
    /// Why the output folder or the state directory is away; nothing: both are there. What was away stays so until look() has seen it return.
    [[nodiscard]] std::optional<domain::Away> away() const;
    /// The output folder is there.
    [[nodiscard]] bool output_here() const;
    /// The database is there.
    [[nodiscard]] bool state_here() const { return store_.files.look() == store::Whereabouts::here; }

    enum class Turn { same, left, returned };
    /// Looks every few seconds: lets go of what is away, so that it can be unmounted, and takes up again what is back. @throws StateLost
    [[nodiscard]] Turn look();

    /// The money side-file in the output folder.
    [[nodiscard]] std::filesystem::path marker() const;
    /// That folder's own; open while it is here.
    [[nodiscard]] bool marked() const;
    /// The database was in use, and no side-file lies in the output folder that could tell whether it is an old one. Before begin().
    [[nodiscard]] bool nobody_vouches() const { return (store_.notes.fact("output") || store_.attempts.highest().value() > 0) && !marked(); }
    /// Counts how often the output folder was let go of or taken up: what was opened at another count may lie in another folder.
    [[nodiscard]] std::uint64_t times() const { return times_; }

private:
    [[nodiscard]] std::string state_id() const { return store_.notes.fact("state_id").value_or("unnamed"); }
    /// The folder that was used last knows every submission that was certainly sent; one that could not be written from some submission on (the fact
    /// "output_confirmed"), every one up to that.
    [[nodiscard]] bool used_last() const;
    void note_highest() const;
    void make_marker() const;
    [[nodiscard]] bool take();
    void let_go(const std::string& why);
    void make_folder() const;
    void move_over_from(const std::string& before);
    void look_at_state();
    [[nodiscard]] std::filesystem::path directory() const { return settings_.config.output.directory; }
    [[nodiscard]] system::Holder me() const;

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    system::PlaceLock output_;
    std::string trouble_;  ///< why a folder that is back cannot be taken up
    std::uint64_t times_ = 0;
    bool state_away_ = false;
};

/// Saves what this process knows to `motionspool.db.saved-TIME` in the state directory, made again if it was removed. @return the file's name, or why not
[[nodiscard]] Result<std::filesystem::path> save_database(store::Store&, const config::Config&, Instant now);

/// A state directory that was copied: the one its database names is there, too, with a database of its own. @return that one's path; nothing: it is no copy
[[nodiscard]] std::optional<std::string> copied_from(const std::string& known_directory, const std::string& state_directory);

/// Is the output folder away, for readers: as the daemon noted it, or, if none runs, as it looks.
[[nodiscard]] std::optional<domain::Away> output_away(store::Store&, const config::Config&);

}  // namespace motionspool::app
