#pragma once
#include <optional>
#include "domain/price.hpp"
#include "store/database.hpp"
#include "store/statement.hpp"

namespace motionspool::store {

/// The account's balance as the provider told it.
struct BalanceNote {
    Credits credits;
    Instant at;              ///< of the answer
    std::int64_t entry = 0;  ///< the ledger's last entry when the question was sent
};

/// What is left at the provider, as far as it can be known here.
class Funds {
public:
    Funds(SQLite::Database&, GroupCommit&);
    /// Takes up an answer, unless a question sent later has been answered already.
    void balance(const BalanceNote&);
    [[nodiscard]] std::optional<BalanceNote> balance();
    /// What was read once is no longer known.
    void forget_balance();
    /// The ledger's last entry.
    [[nodiscard]] std::int64_t last_entry();
    /// The price of every reservation that is open, or was closed after this entry, whatever became of it except release, and what
    /// was charged after it for those closed before.
    [[nodiscard]] Credits at_stake(std::int64_t entry);
    /// Is no reservation open?
    [[nodiscard]] bool quiet();
    /// What the entries after this one have spent.
    [[nodiscard]] Credits spent_since(std::int64_t entry);

    /// What was learned of a model's price.
    [[nodiscard]] domain::Learned learned(const std::string& model, domain::Mode);
    /// @pre within a Change
    void learned(const std::string& model, domain::Mode, const domain::Learned&);

private:
    SQLite::Database& db_;
    GroupCommit& group_;
    /// The ledger only grows, so what was closed after an entry is summed up once, and carried on.
    struct Tally {
        std::int64_t since = -1, upto = 0;
        std::uint64_t undone = 0;
        Credits sum;
    };
    Tally tally_;
    SQLite::Statement put_, get_, unknown_, last_, open_, closed_, quiet_, spent_, learned_, learn_, forget_;
};

}  // namespace motionspool::store
