#pragma once
#include <map>
#include <span>
#include <string>
#include <vector>
#include "domain/ledger.hpp"
#include "store/database.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

/// What is booked to one name, or to several.
struct Booked {
    Credits reserved;  ///< held for open attempts
    Credits spent;
    friend bool operator==(const Booked&, const Booked&) = default;
};

/// Sums over the ledger by name, kept in its transactions: what budgets are measured by. The names are in the schema.
class Accounts {
public:
    explicit Accounts(SQLite::Database&);
    /// From now on the attempt's entries count for these names, too. @pre within a Change; none of its entries has been written
    void book(AttemptId, std::span<const std::string> names);
    /// One entry of the attempt was written. @pre within the same Change
    void moved(AttemptId, const domain::Account& before, const domain::Account& after);

    [[nodiscard]] Booked of(const std::string& name);
    /// The sum over all names from `first` to the last one that begins with `prefix`: a day's account, and those of later days.
    [[nodiscard]] Booked from(const std::string& prefix, const std::string& first);
    /// Names of days, of a share's or a window's, and of turns, that something is booked to and that lie behind that date, or that hour.
    /// @param turn any share's turn_account() of the hour
    [[nodiscard]] std::vector<std::pair<std::string, Booked>> ahead(const std::string& last_date, const std::string& turn);
    /// What is booked to a name, and whatever becomes of it, counts for another from now on. @pre within a Change
    void rename(const std::map<std::string, std::string>& names);

private:
    SQLite::Database& db_;
    SQLite::Statement open_, book_, moved_, of_, from_, ahead_;
};

/// Keys of the schema's `accounts`. @param day "2026-11-24"
[[nodiscard]] std::string batch_account(BatchId);
[[nodiscard]] std::string day_account(const std::string& day);
[[nodiscard]] std::string share_account(const std::string& share, const std::string& day);
[[nodiscard]] std::string window_account(const std::string& window, const std::string& day);
/// @param share a share's name, or that of a batch that is its own (own_share)
[[nodiscard]] std::string turn_account(const std::string& share, Instant);
/// What all of that share's begin with.
[[nodiscard]] std::string turn_prefix(const std::string& share);
/// The name under which a batch without a share takes its turns; no share can be called that.
[[nodiscard]] std::string own_share(BatchId);

}  // namespace motionspool::store
