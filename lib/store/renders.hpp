#pragma once
#include <optional>
#include <string>
#include <vector>
#include "base/id.hpp"
#include "domain/job.hpp"
#include "domain/media.hpp"
#include "store/database.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

/// What has been rendered, or will be: drops by their fingerprint, jobs by their render.
class Renders {
public:
    Renders(SQLite::Database&, GroupCommit&);
    /// The name of the batch that an earlier drop with this fingerprint made, or was appended to. One whose every job was cancelled or failed before an attempt
    /// was armed does not count, and of appended ones none whose jobs ended so and cost nothing.
    [[nodiscard]] std::optional<std::string> drop_known(const std::string& fingerprint);
    /// The name of the batch of the newest job that renders this, has, or may have cost something.
    [[nodiscard]] std::optional<std::string> job_known(const std::string& render);

    // ---- drops whose fingerprint was made otherwise: it is made anew from their rows ----
    struct Drop {
        BatchId id;
        int run = 1;
        std::optional<BatchId> appends;
    };
    [[nodiscard]] std::optional<Drop> next_of_before();
    /// The inputs a drop came with. Its jobs, wherever they belong by now, are those with one of them for their image.
    [[nodiscard]] std::vector<InputId> inputs_of(BatchId drop);
    struct Job {
        JobId id;
        std::string name_key;       ///< in its drop
        std::string image, motion;  ///< SHA-256, or the URL
        bool image_is_url = false, motion_is_url = false;
        std::string prompt;
        domain::Mode mode = domain::Mode::p720;
        domain::Stage stage = domain::Stage::single;
        domain::Orientation orientation = domain::Orientation::video;
        bool invalid = false;
        std::optional<std::string> model;  ///< that its last attempt named; nothing: it is still to be rendered
    };
    /// The first `most` after `after`, by id.
    [[nodiscard]] std::vector<Job> jobs_with_image(InputId, JobId after, int most);
    void set(JobId, const std::string& render);
    /// From now on its jobs are looked at.
    void begin(BatchId drop);
    /// @return false if one of them was to be rendered by another model meanwhile: nothing has changed then
    bool set_fingerprint(BatchId drop, const std::string& fingerprint);
    /// What is still open is fingerprinted anew: it may be rendered by another model now.
    void forget_open_ones();

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    SQLite::Statement drop_known_, job_known_, of_before_, inputs_, with_image_, set_, begin_, set_fingerprint_, forget_;
};

}  // namespace motionspool::store
