#pragma once
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

namespace motionspool {

/// Why something could not be done: a sentence for a person (what happened, to what, what to do next).
struct Problem {
    std::string text;
    friend bool operator==(const Problem&, const Problem&) = default;
};

/// A value, or the problem that kept it from being. For errors the caller must choose about.
template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : content_{std::in_place_index<0>, std::move(value)} {}
    Result(Problem problem) : content_{std::in_place_index<1>, std::move(problem)} {}
    [[nodiscard]] bool has_value() const noexcept { return content_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    /// @throws std::logic_error with the problem's text if there is no value
    [[nodiscard]] T& value() & {
        require();
        return std::get<0>(content_);
    }
    [[nodiscard]] const T& value() const& {
        require();
        return std::get<0>(content_);
    }
    [[nodiscard]] T&& value() && {
        require();
        return std::get<0>(std::move(content_));
    }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }
    /// @pre !has_value()
    [[nodiscard]] const Problem& problem() const { return std::get<1>(content_); }

private:
    void require() const {
        if (!has_value()) throw std::logic_error(std::get<1>(content_).text);
    }
    std::variant<T, Problem> content_;
};

/// Done, or why not.
using Done = Result<std::monostate>;
[[nodiscard]] inline Done done() { return Done{std::monostate{}}; }

}  // namespace motionspool
