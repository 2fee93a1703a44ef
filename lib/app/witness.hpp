#pragma once
#include "app/places.hpp"
#include "app/settings.hpp"
#include "store/store.hpp"
#include "system/witness.hpp"

namespace motionspool::app {

/// Why the daemon's next start would be in quarantine, by what the side-files say; nothing if it would not, or if they cannot be read. Changes nothing.
[[nodiscard]] std::optional<std::string> quarantine_ahead(const config::Config&, store::Store&);

/// Remembers outside the database what has been risked: in the state directory, and, as well as it goes, in the output folder. Finds out at start whether the
/// database is older than that.
class Witness {
public:
    Witness(const Settings&, store::Store&, Places&);
    /// Before anything is sent and before attempts are recovered: adopts the tasks the database could not record, and begins the quarantine (the fact
    /// "quarantine") if a side-file is newer than the database.
    void recover(Instant now);
    /// What was adopted is durable.
    void forget_adopted();
    /// Before ARMED. @return a Problem: nothing may be armed; a side-file that turns out to be newer than the database begins the quarantine
    [[nodiscard]] Done ready() { return open(here_); }
    /// Between the ARMED commit and the first byte. @return a Problem: nothing may be sent
    [[nodiscard]] Done armed(AttemptId);
    /// The commit of an answer failed: its task is kept here and adopted at the next start.
    void keep(AttemptId, const std::string& task);

    /// The output folder is away: lets go of the side-file in it.
    void output_left() { there_.open.reset(); }
    /// It is back: a side-file that is newer than the database begins the quarantine. Before anything is submitted.
    /// @return attempts whose tasks it alone had kept: they are to be followed
    std::vector<AttemptId> output_returned(Instant now);

    /// So many more answers can be kept, if none can be recorded: no more submissions may be unanswered at once.
    [[nodiscard]] std::size_t places() const { return here_.open ? here_.open->places() : system::witness_places; }

    /// The highest attempt any of both knows.
    [[nodiscard]] AttemptId highest() const { return highest_; }
    /// The quarantine is over: both files speak of this database from now on. @return a Problem if the one in the state directory cannot be written
    [[nodiscard]] Done accept_database();

private:
    /// One of the two files.
    struct Copy {
        std::filesystem::path path;
        std::optional<system::Witness> open;
        bool complained = false;
    };
    /// Why this database is not to be trusted with money, if so.
    [[nodiscard]] std::optional<std::string> judge(AttemptId known);
    void take_in(const system::WitnessFacts&);
    [[nodiscard]] Done open(Copy&);
    [[nodiscard]] Done write(Copy&, AttemptId);
    /// @return false if this database knows nothing of the submission
    bool adopt(const system::WitnessTask&, Instant now);
    /// The copy in the output folder is written only while that is here.
    [[nodiscard]] bool may_touch(const Copy& copy) { return &copy != &there_ || places_.output_here(); }
    /// Once a file.
    void complain(Copy&, const Problem&) const;
    /// The side-file in the output folder knows so much, and all there is; or it could not be told of more, and the database notes up to where it was (the fact
    /// "output_confirmed").
    void output_knows(AttemptId);
    void output_falls_behind();
    /// What the file keeps of submissions that this database knows nothing of.
    [[nodiscard]] std::vector<system::WitnessTask> unknown_tasks(const Copy&) const;

    store::Store& store_;
    Places& places_;
    std::string state_;
    Copy here_, there_;
    AttemptId highest_, written_;
    std::optional<AttemptId> confirmed_;  ///< what the one in the output folder was known to know
    bool behind_ = false;                 ///< it could not be told of all since then
    std::vector<system::WitnessTask> tasks_;
};

}  // namespace motionspool::app
