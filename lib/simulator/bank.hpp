#pragma once
#include "base/credits.hpp"

namespace motionspool::simulator {

/// The account's true balance, and the sums that explain it: balance = start + topped up - charged + returned.
class Bank {
public:
    explicit Bank(Credits start) : balance_{start} {}
    void charge(Credits price) { balance_ = balance_ - price, charged_ += price; }
    void give_back(Credits price) { balance_ += price, returned_ += price; }
    void top_up(Credits amount) { balance_ += amount, topped_up_ += amount; }
    [[nodiscard]] Credits balance() const { return balance_; }
    [[nodiscard]] Credits charged() const { return charged_; }
    [[nodiscard]] Credits returned() const { return returned_; }
    [[nodiscard]] Credits topped_up() const { return topped_up_; }

private:
    Credits balance_, charged_, returned_, topped_up_;
};

}  // namespace motionspool::simulator
