#include "domain/ledger.hpp"
#include <stdexcept>
#include "base/seeded.hpp"

namespace motionspool::domain {

std::optional<LedgerEntry> entry_for(const Account& account, std::optional<AttemptState> from, AttemptState to, Credits estimate,
                                     std::optional<Credits> consumed) {
    const auto by_table = entry_of(from, to);
    if (!by_table) throw std::logic_error("an attempt cannot become " + std::string{to_string(to)} + (from ? " from " + std::string{to_string(*from)} : ""));
    auto entry = *by_table;
    if (to == AttemptState::failed && consumed != Credits{}) entry = Entry::settle;  // unknown counts as spent
    const Credits cost = consumed.value_or(estimate);
    switch (entry) {
        case Entry::none: return std::nullopt;
        case Entry::reserve: return LedgerEntry{Entry::reserve, estimate, false};
        case Entry::adjust: return std::nullopt;
        case Entry::release:
            if (seeded("reservation-kept")) return std::nullopt;
            if (!account.closed) return LedgerEntry{Entry::release, estimate, false};
            if (account.spent == Credits{}) return std::nullopt;
            return LedgerEntry{Entry::adjust, Credits{} - account.spent, false};
        case Entry::settle:
            if (!account.closed) return LedgerEntry{Entry::settle, cost, !consumed};
            if (account.spent == cost) return std::nullopt;
            return LedgerEntry{Entry::adjust, cost - account.spent, !consumed};
    }
    return std::nullopt;
}

Account apply(Account account, const LedgerEntry& entry) {
    const auto require = [](bool good, const char* text) {
        if (!good) throw std::logic_error(text);
    };
    switch (entry.entry) {
        case Entry::reserve:
            require(account == Account{}, "a second reservation of one attempt");
            account.reserved = entry.amount;
            break;
        case Entry::release:
        case Entry::settle:
            require(!account.closed, "a second close of one reservation");
            account.reserved = Credits{};
            account.closed = true;
            if (entry.entry == Entry::settle) account.spent = entry.amount;
            break;
        case Entry::adjust:
            require(account.closed, "an adjustment of an open reservation");
            account.spent += entry.amount;
            break;
        case Entry::none: break;
    }
    return account;
}

}  // namespace motionspool::domain
