#include "domain/report_html.hpp"

namespace motionspool::domain {
namespace {

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += c;
        }
    }
    return out;
}

constexpr const char* style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem .8rem;border-bottom:1px solid "
    "#ddd;vertical-align:top;overflow-wrap:anywhere;white-space:pre-line}"
    ".done{color:#176d2c}.failed{color:#a31515}.uncertain{color:#8a5a00}small{color:#666}"
    "@media(prefers-color-scheme:dark){body{background:#1b1b1b;color:#ddd}td,th{border-color:#444}.done{color:#6fcf88}.failed{color:#ff8a80}.uncertain{color:#"
    "e6b450}}";

std::string row(const ReportedJob& job) {
    const std::string state{to_string(job.state)};
    return "<tr><td>" + escaped(job.name) + "</td><td class=\"" + state + "\">" + state + "</td><td>" + to_string(job.spent) + "</td><td>" +
           escaped(job.error.empty() ? job.output : failure_in_words(job)) + "</td></tr>\n";
}

}  // namespace

std::string to_html(const BatchReport& report) {
    std::string html = "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
                       escaped(report.batch) + "</title><style>" + style + "</style>\n<h1>" + escaped(report.batch) + "</h1>\n<p>" + escaped(summary(report)) +
                       "</p>\n";
    if (!report.note.empty()) html += "<p>" + escaped(report.note) + "</p>\n";
    if (!report.labels.empty()) html += "<p>" + escaped(labels_of(report)) + "</p>\n";
    html += "<p><small>" + times(report) + "</small></p>\n";
    html += "<table><tr><th>job</th><th>state</th><th>credits</th><th></th></tr>\n";
    for (const auto& job : report.jobs) html += row(job);
    html += "</table>\n";
    if (!report.unexplained.empty()) html += "<p>The provider's words that are not known (such a task is repeated once at most):</p>\n";
    for (const auto& told : report.unexplained) html += "<p><small>" + escaped(told) + "</small></p>\n";
    for (const auto& warning : report.warnings) html += "<p><small>" + escaped(warning) + "</small></p>\n";
    return html + "</html>\n";
}

}  // namespace motionspool::domain
