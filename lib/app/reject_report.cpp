#include "app/reject_report.hpp"
#include <algorithm>
#include <boost/json/array.hpp>
#include "app/json_text.hpp"
#include "base/text.hpp"
#include "spool/names.hpp"

namespace motionspool::app {
namespace json = boost::json;

std::string to_text(const RejectReport& report) {
    const auto errors = std::ranges::count_if(report.complaints, [](const Complaint& c) { return c.severity == Complaint::Severity::error; });
    std::string text = spool::shown(report.name) + " was not accepted: " + count_of(static_cast<std::size_t>(errors), "error") + ".\n\n";
    for (const auto& line : to_lines(report.complaints, spool::shown(report.file), report.bytes)) text += line + "\n";
    return text + "\nNothing of it was uploaded or paid. Correct it and drop it into incoming/ again.\n";
}

std::string to_json(const RejectReport& report) {
    json::array errors;
    const auto places = places_of(report.complaints, report.bytes);
    for (std::size_t i = 0; i < places.size(); i++) {
        const auto& complaint = report.complaints[i];
        errors.push_back(json::object{{"file", spool::as_utf8(report.file)},
                                      {"line", places[i].line},
                                      {"column", places[i].column},
                                      {"severity", complaint.severity == Complaint::Severity::error ? "error" : "warning"},
                                      {"message", spool::as_utf8(complaint.text)}});
    }
    return pretty(json::object{{"name", spool::as_utf8(report.name)}, {"accepted", false}, {"time", to_rfc3339(report.at)}, {"complaints", std::move(errors)}});
}

std::string held_up_text(const std::string& name, const std::string& trouble, std::chrono::milliseconds between_tries) {
    return name + " cannot be looked at just now:\n\n  " + trouble +
           "\n\nThat is the server's trouble and not the drop's; nothing need be dropped again. It is tried again every " + to_words(between_tries) +
           ".\nIf this note stays, tell whoever runs the server.\n";
}

std::string waiting_text(const std::string& name, const std::vector<std::string>& missing, const std::string& otherwise) {
    std::string text = name + " is not complete yet:\n\n";
    for (const auto& line : missing) text += "  " + line + "\n";
    return text + "\nIt is taken as soon as everything is there. If nothing changes for " + otherwise + ".\n";
}

}  // namespace motionspool::app
