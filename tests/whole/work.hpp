#pragma once
#include "whole/rig.hpp"

namespace motionspool::whole {

/// A job as its author means it. Its prompt is its own, so that the simulator's journal tells whose task each is.
struct Order {
    std::string id, image, motion, prompt;
};

/// Jobs over the example's two images and two clips, in turn, each with a prompt of its own: "BATCH number 17".
[[nodiscard]] std::vector<Order> orders(const std::string& batch, std::size_t count);
/// One order more: fox.png and wave.mp4.
[[nodiscard]] Order order(const std::string& id, const std::string& prompt);
[[nodiscard]] std::string manifest_of(const std::string& batch, const std::vector<Order>&);

/// What became of them.
struct Tally {
    std::size_t done = 0, uncertain = 0, other = 0;
    std::size_t tasks = 0;         ///< at the provider
    std::size_t most_for_one = 0;  ///< the most tasks of one job
    std::size_t files = 0;         ///< videos under their final names
    std::size_t leftovers = 0;     ///< *.part
};

/// Compares what the daemon says and delivered with the simulator's journal, job by job, and CHECKs: at most one task a job, made of its own prompt and its own
/// inputs; a job that is done has a file with exactly the bytes that were served for its task, and was charged what the provider took; no other video exists.
[[nodiscard]] Tally compare_histories(const Rig&, const std::vector<Order>&);

}  // namespace motionspool::whole
