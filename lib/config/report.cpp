#include "config/report.hpp"
#include <utility>

namespace motionspool::config {

using Severity = Complaint::Severity;

void Report::error(Offset at, std::string text) { add({Severity::error, at, std::move(text)}); }
void Report::warning(Offset at, std::string text) { add({Severity::warning, at, std::move(text)}); }

void Report::append(Complaints more) {
    for (auto& complaint : more) add(std::move(complaint));
}

void Report::add(Complaint complaint) {
    if (complaint.severity == Severity::error) errors_++;
    if (full()) return;
    if (complaints_.size() < most)
        complaints_.push_back(std::move(complaint));
    else
        complaints_.push_back({Severity::error, {bytes_.size()}, "more than " + std::to_string(most) + " complaints; the rest is not listed"});
}

std::string Report::errors_since(Mark mark) const {
    std::string text;
    for (auto i = mark.complaints; i < complaints_.size(); i++) {
        if (complaints_[i].severity != Severity::error) continue;
        if (!text.empty()) text += "; ";
        text += complaints_[i].text;
    }
    return text.empty() && errors_ > mark.errors ? "it is in error, and so many others are that its errors are not listed" : text;
}

}  // namespace motionspool::config
