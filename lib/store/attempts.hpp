#pragma once
#include <functional>
#include "domain/attempt.hpp"
#include "domain/ledger.hpp"
#include "domain/retry.hpp"
#include "store/accounts.hpp"
#include "store/funds.hpp"
#include "store/jobs.hpp"

namespace motionspool::store {

/// What is about to be risked.
struct NewAttempt {
    JobId job;
    domain::Stage stage = domain::Stage::single;
    std::string request;  ///< the body as it will be sent, but for the callback's secret
    Credits estimate;
    Instant armed;
    std::string boot;
    BootTime armed_boot;
    std::string day;                      ///< accounting date, "2026-11-24"
    std::optional<std::string> callback;  ///< SHA-256 (hex) of the secret in its callBackUrl
    std::vector<std::string> accounts;    ///< every name it is booked to
    std::string image, motion;            ///< contents it is made from: SHA-256, or the URL
    std::string key{};                    ///< which API key sends it, as in the schema
    std::string render{};                 ///< what it renders, as in the schema; nothing: as the job has it
};

/// One transition of an attempt, together with what it does to its job. The ledger's entry follows from it.
struct AttemptChange {
    domain::AttemptState from, to;
    std::string event;  ///< for the job's log
    std::optional<std::string> task;
    std::optional<BootTime> answered;
    std::optional<Credits> consumed;
    std::optional<std::string> result_url;
    std::optional<JobStep> job;        ///< nothing: the job goes its own way (another attempt's, or it is discarded), and its log is told
    std::optional<std::string> cause;  ///< a failure of its own: its code, for the breaker
    std::optional<domain::Oddity> oddity;
};

struct Attempt {
    AttemptId id;
    JobId job;
    domain::Stage stage = domain::Stage::single;
    domain::AttemptState state = domain::AttemptState::armed;
    std::string request;
    Credits estimate;
    Instant armed;
    std::string boot;
    BootTime armed_boot;
    std::optional<BootTime> answered;
    std::optional<std::string> task, outcome, result_url;
    std::optional<Credits> consumed;
    std::optional<std::string> callback;  ///< as in NewAttempt
    std::string key;                      ///< likewise; empty: perhaps any
};

/// The paid submissions and their ledger.
class Attempts {
public:
    Attempts(SQLite::Database&, GroupCommit&, Jobs&, Accounts&, Funds&);
    /// ARMED: the attempt, its reservation, the job's step to `submitting`. Durable only once the group's commit is.
    /// @return nothing if the job was not queued. @throws if the job has an open attempt
    [[nodiscard]] std::optional<AttemptId> arm(const NewAttempt&);
    /// A job that was cancelled meanwhile (`cancel --discard`) stays so: then it is the attempt and its money alone that change.
    /// @return false, nothing changed, if attempt or job was not in its `from`. @throws std::logic_error for a transition the tables do not have
    bool change(AttemptId, const AttemptChange&, Instant now);
    /// At start, before anything is sent: every armed attempt becomes uncertain. @return how many
    std::size_t recover(Instant now);

    /// The highest id ever given; 0: none was.
    [[nodiscard]] AttemptId highest();
    /// The highest id of those that were certainly sent: each was told of outside the database before.
    [[nodiscard]] AttemptId highest_sent();
    /// Ids up to this one are not given any more: they were, by a later state of this database.
    void skip_to(AttemptId);

    [[nodiscard]] std::optional<Attempt> get(AttemptId);
    [[nodiscard]] std::optional<Attempt> last_of(JobId);
    /// Given up as overdue, and since then fewer than `questions` that count were answered without news of an end.
    [[nodiscard]] std::vector<Attempt> overdue(int questions);
    /// One was answered.
    void asked_late(AttemptId);
    /// Whose is this task?
    [[nodiscard]] std::optional<Attempt> with_task(const std::string& task);
    /// Whose callBackUrl holds this secret? @param hash its SHA-256, hex
    [[nodiscard]] std::optional<Attempt> with_callback(const std::string& hash);
    /// The callBackUrls, without their secret, that tasks which may still call were ordered with, each once.
    [[nodiscard]] std::vector<std::string> callback_urls();
    [[nodiscard]] std::vector<Attempt> of(JobId);
    /// Armed, submitted, or uncertain: at most one of a job.
    [[nodiscard]] std::optional<Attempt> open_of(JobId);
    /// Tasks that are followed.
    [[nodiscard]] std::vector<Attempt> submitted() { return in_state(domain::AttemptState::submitted); }
    /// How often a stage of the job came to such an end since a person last said `retry`.
    [[nodiscard]] int oddities(JobId, domain::Stage, domain::Oddity);
    /// Whose result the job is delivered from: the first that succeeded in this stage.
    [[nodiscard]] std::optional<Attempt> rendered(JobId, domain::Stage);
    /// What holds places of limits.running.
    struct Running {
        std::size_t tasks = 0;          ///< at the provider: armed and submitted
        std::size_t lost = 0;           ///< uncertain, armed after `uncertain_since` of this boot; one of an earlier boot counts as armed when this one began
        std::optional<BootTime> first;  ///< when the first of those was armed
    };
    [[nodiscard]] Running running(const std::string& boot, BootTime uncertain_since);
    /// How many are between ARMED and their answer.
    [[nodiscard]] std::size_t unanswered();
    struct OfOthers {
        std::size_t named = 0;  ///< may have a task that another API key made
        std::size_t asked = 0;  ///< have a task that this key is not known to have made, and are asked about
    };
    /// Those under way, and those given up as overdue as in overdue().
    [[nodiscard]] OfOthers of_other_keys(const std::string& key, int questions);
    /// The provider knows its task under this key: so are, then, all that the same other key made.
    void take_key(const Attempt&, const std::string& key);
    /// Why a task does not get on; `unknown` stays until the task is known.
    enum class Trouble { unknown, refused };
    /// The provider does not know the task of the job, or refuses the key, and is asked again at `until`; readers are told until known(), or until it is over.
    void put_off(JobId, Trouble, const std::string& text, Instant until, Instant now);
    void known(JobId);
    [[nodiscard]] bool troubled(JobId);
    /// Was the last word about the job's task that it is not known?
    [[nodiscard]] bool unknown(JobId);
    /// How many tasks under way that is so of.
    [[nodiscard]] std::size_t unknown();
    /// The newest `count` attempts that may have reached the server, for the rate window.
    [[nodiscard]] std::vector<Attempt> latest(int count);
    [[nodiscard]] domain::Account account(AttemptId);
    struct Totals {
        Credits reserved, spent;
    };
    [[nodiscard]] Totals totals();
    [[nodiscard]] Totals totals_of(JobId);

    /// Is told when a charge has stopped submissions, for the log.
    std::function<void(const std::string&)> stopped = [](const std::string&) {};
    /// The configured prices, by which a charge is believed or not.
    std::function<domain::Prices()> prices = [] { return domain::Prices{}; };

private:
    /// What was charged for it. @param whole for a whole video; else it teaches nothing unless it is dearer than one
    void learn_price(const Attempt&, bool whole, Instant now);
    /// A person must look at what this cost before more is submitted.
    void stop_for(const Attempt&, const Job&, Credits cost, Instant now);
    void enter(AttemptId, const domain::LedgerEntry&, const std::string& day, Instant at);
    [[nodiscard]] std::vector<Attempt> in_state(domain::AttemptState);
    SQLite::Database& db_;
    GroupCommit& group_;
    Jobs& jobs_;
    Accounts& accounts_;
    Funds& funds_;
    SQLite::Statement arm_, render_, unprint_, change_, enter_, stop_, model_, entries_, day_, get_, last_of_, with_task_, with_callback_, of_, open_of_,
        rendered_, running_, unanswered_, latest_, in_state_, overdue_, totals_, totals_of_, highest_, answered_, skip_, oddities_, asked_late_, others_,
        take_key_, take_one_key_, put_off_, known_, troubled_, unknown_, count_unknown_;
};

}  // namespace motionspool::store
