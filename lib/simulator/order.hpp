#pragma once
#include <string>
#include <string_view>
#include <variant>

namespace motionspool::simulator {

/// A good createTask body.
struct Order {
    std::string prompt, image, motion, orientation, mode, callback;
};
/// What the API says to a bad one: a `code` and its text.
struct Refusal {
    int code;
    std::string text;
    friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// Validates as the real API was seen to: bad parameters are code 500, an unknown model is 422, an unknown key in body or input is a "server exception".
[[nodiscard]] std::variant<Order, Refusal> read_order(std::string_view body, std::string_view model);

}  // namespace motionspool::simulator
