#pragma once
#include <optional>
#include <string>
#include <string_view>
#include "base/result.hpp"

namespace motionspool::domain {

/// What a command is aimed at: a whole batch, or those of its jobs that fit a pattern.
struct Selection {
    std::string batch_key;               ///< as name_key()
    std::optional<std::string> pattern;  ///< likewise; `*` stands for any characters, `?` for one; nothing: the batch
    friend bool operator==(const Selection&, const Selection&) = default;
};
/// Reads "BATCH", "BATCH/JOB" or "BATCH/fox-*".
[[nodiscard]] Result<Selection> parse_selection(std::string_view);

/// Does a job's name fit? Without regard to case, however it is composed. @param name_key as name_key()
[[nodiscard]] bool selects(const Selection&, std::string_view name_key);
/// Does it name one job, and not a batch or a glob?
[[nodiscard]] bool names_one(const Selection&);

}  // namespace motionspool::domain
