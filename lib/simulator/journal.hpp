#pragma once
#include <string>
#include "base/result.hpp"
#include "base/unique_fd.hpp"
#include "simulator/json_text.hpp"
#include "simulator/moment.hpp"

namespace motionspool::simulator {

/// What happened, a JSON line each, written before it is answered: an oracle independent of the client.
///
/// Every line: `seq` (from 1), `mono_ms`, `wall`, `kind`. A request also: `method`, `path` (with its query), `key` (did an API key come along?), `status` (0:
/// the connection is reset instead), `code` of the body if it has one, `fault` if one struck. Kinds of requests and what they add:
///   createTask    window (arrivals in the rate's window, this one included), callback_token, prompt, image, motion, mode, orientation; accepted, task, charged
///   recordInfo    task, state        credit   balance
///   upload        name, sha256, size
///   file, result  name or task, sha256 (of the whole), from, bytes (served, before any cut)
///   download-url, control, unknown
/// Events that are no request: `ended` (task, state, charged, returned) and `callback` (task, callback_token, url, attempt, answer).
/// Amounts are integers in thousandths of a credit. Σ charged - Σ returned is what the account paid.
class Journal {
public:
    /// Writes nothing.
    Journal() = default;
    /// Appends to `path`, made if it is not there. `fsync`: are lines that ask for it made durable?
    [[nodiscard]] static Result<Journal> open(const std::string& path, bool fsync);
    /// One write(2) of one line. @throws system_error: an oracle that forgets is worse than none
    void append(const Moment&, std::string_view kind, const ObjectText& more, bool durable);
    [[nodiscard]] std::int64_t lines() const { return sequence_; }

private:
    Journal(UniqueFd file, bool fsync) : file_{std::move(file)}, fsync_{fsync} {}
    UniqueFd file_;
    bool fsync_ = false;
    std::int64_t sequence_ = 0;
};

}  // namespace motionspool::simulator
