#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include "base/complaint.hpp"

namespace motionspool::config {

/// The text being read, and what is wrong with it. Beyond `most` complaints they are counted only, and one says so.
class Report {
public:
    static constexpr std::size_t most = 10'000;

    explicit Report(std::string_view bytes) : bytes_{bytes} {}
    [[nodiscard]] std::string_view bytes() const { return bytes_; }
    void error(Offset, std::string text);
    void warning(Offset, std::string text);
    /// How many errors so far, those beyond `most` included.
    [[nodiscard]] std::size_t errors() const { return errors_; }
    [[nodiscard]] bool full() const { return complaints_.size() > most; }

    /// A point in the course of reading.
    struct Mark {
        std::size_t complaints, errors;
    };
    [[nodiscard]] Mark mark() const { return {complaints_.size(), errors_}; }
    /// The texts of the errors since then, joined by "; "; empty if there was none.
    [[nodiscard]] std::string errors_since(Mark) const;

    void append(Complaints);
    /// @pre the report is not used afterwards
    [[nodiscard]] Complaints take() { return std::move(complaints_); }

private:
    void add(Complaint);
    std::string_view bytes_;
    Complaints complaints_;
    std::size_t errors_ = 0;
};

}  // namespace motionspool::config
