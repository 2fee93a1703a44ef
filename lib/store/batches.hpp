#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>
#include "base/credits.hpp"
#include "base/id.hpp"
#include "base/time.hpp"
#include "store/database.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

/// A drop's verdict, ready to be recorded.
struct NewBatch {
    std::string name, name_key;
    std::string entry;     ///< its name in .taking/
    std::string kind;      ///< "folder" or "lone"
    std::string manifest;  ///< its bytes
    std::string fingerprint;
    int run = 1;
    int priority = 0;
    std::string note;
    std::map<std::string, std::string> labels;
    Instant created;
    std::string share, window;       ///< see the schema
    std::optional<Credits> budget;   ///< nothing: none
    bool review = false;             ///< waits for `release`
    std::optional<BatchId> appends;  ///< more jobs for that batch: this is only a drop
};

struct NewInput {
    std::string source, root, format;
    std::uint64_t bytes = 0;
    std::string sha256;
};

struct BatchRow {
    BatchId id;
    std::string name, state, entry, place, kind, note;
    std::map<std::string, std::string> labels;
    int priority = 0;
    Instant created;
    std::optional<Instant> ended;
    std::string share, window;      ///< see the schema
    std::optional<Credits> budget;  ///< nothing: none
    bool review = false, held = false;
    std::optional<BatchId> appends;  ///< a drop with more jobs for that batch; see the schema
};

/// What a look at very many batches asks of each.
struct BriefBatch {
    BatchId id;
    BatchId told_with;  ///< the batch that a drop was appended to; itself
    int priority = 0;
    std::size_t open_jobs = 0;  ///< that have not ended
};

/// Drops that were accepted. States: arriving (its jobs go in by slices, invisible), open, ended (every job has), filed (moved to finished/).
class Batches {
public:
    Batches(SQLite::Database&, GroupCommit&);
    BatchId begin(const NewBatch&);
    InputId add_input(BatchId, const NewInput&);
    /// Makes an arrived batch visible. @return false if it was not arriving
    bool open(BatchId);
    /// What is doubtful about a drop, for its author.
    void warn(BatchId, const std::string& text);
    /// Forgets what of a batch had arrived: the drop is taken again.
    void forget_arriving(BatchId);
    bool moved(BatchId, const std::string& place, const std::string& entry);
    /// Ends the batch if every job has ended. @return did it?
    bool end_if_over(BatchId, Instant now);
    bool filed(BatchId, const std::string& entry);
    /// An appended drop lies where its batch's lies: in finished/ once that has ended, in accepted/ when it is open again.
    bool moved_along(BatchId drop, const std::string& place, const std::string& entry);

    [[nodiscard]] std::optional<BatchRow> find(const std::string& name_key);
    [[nodiscard]] std::optional<BatchRow> get(BatchId);
    [[nodiscard]] std::vector<BatchRow> in_state(const std::string& state);
    /// Appended drops included, oldest first: the first `most` of those after `after`.
    [[nodiscard]] std::vector<BriefBatch> open_ones(BatchId after, int most) { return brief(open_ones_, after, most); }
    [[nodiscard]] std::vector<BriefBatch> ended_ones(BatchId after, int most) { return brief(ended_ones_, after, most); }
    /// Does an open batch but this one have its drop under that name in accepted/?
    [[nodiscard]] bool another_lies_in_accepted(BatchId but, const std::string& entry);
    /// Batches that have arrived, oldest first; appended drops are none.
    [[nodiscard]] std::vector<BatchRow> all();
    /// Drops that were appended to a batch, oldest first.
    [[nodiscard]] std::vector<BatchRow> appended_to(BatchId);
    [[nodiscard]] std::string manifest(BatchId);
    /// What was doubtful when it was accepted, and about the drops appended to it.
    [[nodiscard]] std::vector<std::string> warnings(BatchId);

private:
    [[nodiscard]] static BatchRow read(Use&);
    [[nodiscard]] static std::vector<BriefBatch> brief(SQLite::Statement&, BatchId after, int most);
    SQLite::Database& db_;
    GroupCommit& group_;
    SQLite::Statement begin_, add_input_, open_, warn_, moved_, end_, filed_, moved_along_, find_, get_, in_state_, open_ones_, ended_ones_, another_, all_,
        appended_to_, manifest_, warnings_;
};

}  // namespace motionspool::store
