#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include "base/complaint.hpp"
#include "base/credits.hpp"
#include "domain/media.hpp"

namespace motionspool::domain {

/// Text as it stands in the manifest, and where, so that what is found out later can be reported there.
struct Written {
    std::string text;
    Offset at;
    friend bool operator==(const Written&, const Written&) = default;
};

enum class Finish { none, ask };
[[nodiscard]] std::string to_string(Finish);

/// One entry of `jobs`, `defaults` applied.
struct JobEntry {
    Offset at;
    std::optional<Written> id;
    Written image, motion;  ///< a path or an https URL, as written
    std::string prompt;
    Mode mode = Mode::p720;
    Orientation orientation = Orientation::video;
    std::optional<std::chrono::milliseconds> seconds;  ///< of a motion given as a URL
    int takes = 1;
    /// What is wrong with this entry, joined by "; "; empty: nothing. Only a manifest with `partial: true` is handed on with such an entry.
    std::string invalid;
};

/// One prompt of a matrix: its key, or its number from 1.
struct MatrixPrompt {
    std::string key, text;
};

/// The cross product of images, motions and prompts.
struct Matrix {
    Offset at;
    std::vector<Written> images, motions;  ///< globs still in them
    std::vector<MatrixPrompt> prompts;     ///< empty: the prompt of `defaults`
    std::string id;                        ///< with {image} {motion} {prompt}; empty: the default
    Offset id_at;
    int takes = 1;
    std::string prompt;  ///< of `defaults`
    Mode mode = Mode::p720;
    Orientation orientation = Orientation::video;
    std::optional<std::chrono::milliseconds> seconds;
};

/// A manifest whose every value has its type and range. Says nothing yet about the files it names.
struct Manifest {
    std::optional<Written> batch, append;
    int priority = 0;
    std::optional<Written> share, window;
    std::optional<Credits> budget;
    bool partial = false;
    Finish finish = Finish::none;
    std::string note;
    std::map<std::string, std::string> labels;
    int run = 1;
    std::vector<JobEntry> jobs;
    std::optional<Matrix> matrix;
};

/// One job after expansion of takes and the matrix: what one finished video needs.
struct JobSpec {
    Offset at;  ///< of its entry
    std::string id;
    Written image, motion;
    std::string prompt;
    Mode mode = Mode::p720;
    Orientation orientation = Orientation::video;
    std::optional<std::chrono::milliseconds> seconds;
    std::string invalid;  ///< why this job cannot be rendered (all of its complaints); empty: nothing known against it
    bool take = false;    ///< a further take of the job before it
    friend bool operator==(const JobSpec& a, const JobSpec& b) {
        return a.id == b.id && a.prompt == b.prompt && a.image.text == b.image.text && a.motion.text == b.motion.text && a.mode == b.mode &&
               a.orientation == b.orientation && a.seconds == b.seconds && a.invalid == b.invalid;
    }
};

/// Is the text of an `image` or `motion` a URL (anything with a scheme and "://") and not a path?
[[nodiscard]] bool is_url(std::string_view);

/// Does a pattern with `*`, `?` and `[…]` occur in a path? (A file that is there literally wins over that reading; the caller asks first.)
[[nodiscard]] bool is_glob(std::string_view);

/// What a glob stands for, in name order. Keys are the patterns as written.
using GlobMatches = std::map<std::string, std::vector<std::string>, std::less<>>;

struct Expansion {
    std::vector<JobSpec> jobs;
    Complaints complaints;           ///< those about one job are in its `invalid`, too
    std::vector<Written> unmatched;  ///< patterns that match no file; each has a complaint
    bool partly_usable = true;       ///< false: some error belongs to no single job, so `partial: true` does not help
};

/// Jobs in order: `jobs`, then the matrix; takes behind their first. Ids are derived, made unique (derived ones) or complained about (written ones, without
/// regard to case, by NFC). A job complained about has an id of its own all the same, so that it can be recorded. More than `max_jobs` is one complaint and no
/// jobs.
[[nodiscard]] Expansion expand(const Manifest&, const GlobMatches&, std::size_t max_jobs);
/// What is said of an unmatched pattern.
[[nodiscard]] Complaint no_match(const Written& pattern);

}  // namespace motionspool::domain
