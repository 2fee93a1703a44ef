#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "base/credits.hpp"
#include "base/id.hpp"
#include "domain/job.hpp"
#include "domain/media.hpp"

// What a job, and a drop of them, has rendered, however its manifest is written: ids, names, notes, order and spelling count for nothing. The texts here are
// hashed; two texts are equal exactly if all of their parts are.
namespace motionspool::domain {

/// What the provider is asked for.
struct Render {
    std::string_view model;
    std::string_view image, motion;  ///< SHA-256 of the file, or the URL
    std::string_view prompt;         ///< as it is sent; the line ends behind it, which a block of YAML adds, count for nothing
    Mode mode = Mode::p720;
    Stage stage = Stage::single;  ///< of a draft and its final: both modes
    Orientation orientation = Orientation::video;
};
[[nodiscard]] std::string text_of(const Render&);

/// The renders of a drop's good jobs, takes included: each one's digest; of an appended job behind it a blank and the key of its id.
[[nodiscard]] std::string text_of_drop(std::vector<std::string> renders);
/// What makes a drop the same as another: the digest of its text, and which run of it this is. An appended drop is compared with those to the same batch only.
[[nodiscard]] std::string text_of_run(std::string_view drop, int run);
[[nodiscard]] std::string text_of_run(std::string_view drop, int run, BatchId appended_to);

/// Begins every fingerprint that is made of these texts; what begins otherwise was made of the manifest's bytes, and is made anew.
inline constexpr std::string_view fingerprint_version = "1:";

/// One job of a manifest, as equal ones are looked for.
struct EqualJob {
    std::string_view render;  ///< the digest; empty: an invalid job, which nothing equals
    bool take = false;        ///< a further take of the job before it, which is meant
    Credits cost;
};
/// Entries of a manifest that render the same.
struct Equals {
    std::vector<std::size_t> entries;  ///< indices of their first takes; two at least
    std::size_t jobs = 0;              ///< all of them, takes included
    Credits cost;                      ///< of all but the first entry
};
/// In the order of their first entries.
[[nodiscard]] std::vector<Equals> equal_jobs(std::span<const EqualJob>);

/// `"fox-wave", "owl-wave" and 3 more`
[[nodiscard]] std::string some_of(std::span<const std::string_view> names);
/// What is said of equal jobs. @param names of the entries
[[nodiscard]] std::string equal_jobs_text(std::span<const std::string_view> names, std::size_t jobs, Credits cost);
/// What is said of a drop of which some jobs are in an earlier batch. @param names of those; @param of how many jobs
[[nodiscard]] std::string known_jobs_text(std::span<const std::string_view> names, std::size_t of, std::string_view batch, Credits cost);
/// What is said of a drop that renders what an earlier one did. @param free_run the next one that has not been
[[nodiscard]] std::string twin_text(std::string_view batch, bool appended, int free_run);

}  // namespace motionspool::domain
