#include "domain/report.hpp"
#include "base/text.hpp"
#include "domain/advice.hpp"
#include "domain/again.hpp"

namespace motionspool::domain {

BatchTotals totals(const BatchReport& report) {
    BatchTotals sum;
    sum.spent = report.spent_on_replaced;
    for (const auto& job : report.jobs) {
        sum.spent += job.spent;
        sum.reserved += job.reserved;
        if (job.state == JobState::done)
            sum.done++;
        else if (job.state == JobState::failed)
            sum.failed++;
        else if (job.state == JobState::cancelled)
            sum.cancelled++;
        else
            sum.open++;
    }
    return sum;
}

std::string failure_in_words(const ReportedJob& job) {
    const auto advice = advice_on_failure(std::string_view{job.error}.substr(0, job.error.find(':')));
    return job.error + (advice.empty() ? "" : "\n    What to do: " + std::string{advice});
}

std::string summary(const BatchReport& report) {
    const auto sum = totals(report);
    std::string text = std::to_string(sum.done) + " of " + std::to_string(report.jobs.size()) + " done";
    if (sum.failed > 0) text += ", " + std::to_string(sum.failed) + " failed";
    if (sum.cancelled > 0) text += ", " + std::to_string(sum.cancelled) + " cancelled";
    if (sum.open > 0) text += ", " + std::to_string(sum.open) + " to go";
    text += "; " + in_words(sum.spent) + " spent";
    if (report.spent_on_replaced > Credits{}) text += ", " + to_string(report.spent_on_replaced) + " of them on jobs that were replaced";
    if (sum.reserved > Credits{}) text += ", " + to_string(sum.reserved) + " reserved";
    return text;
}

std::string labels_of(const BatchReport& report) {
    std::string text;
    for (const auto& [key, value] : report.labels) text.append(text.empty() ? "labels: " : ", ").append(key).append("=").append(value);
    return text;
}

std::string times(const BatchReport& report) {
    const auto moment = [](Instant at) { return to_rfc3339(std::chrono::floor<std::chrono::seconds>(at)); };
    return "accepted " + moment(report.accepted) + (report.ended ? ", ended " + moment(*report.ended) : "");
}

namespace {
std::string about_again(std::size_t failed, std::size_t left_out) {
    const std::string file = "The file beside this one that ends in .again.yaml ";
    if (left_out == failed) return file + "says of each what can be done: it may have been paid for, or yet be rendered.";
    return file + "has these jobs again, to be corrected and dropped with the same media." +
           (left_out > 0 ? " " + count_of(left_out, "of them stands", "of them stand") + " there as a comment: it may have been paid for, or yet be rendered."
                         : "");
}
}  // namespace

std::string to_text(const BatchReport& report) {
    std::string text = report.batch + ": " + summary(report) + "\n";
    if (!report.note.empty()) text += "note: " + report.note + "\n";
    if (!report.labels.empty()) text += labels_of(report) + "\n";
    text += times(report) + "\n";
    const auto section = [&](const std::string& title, auto wanted, auto line) {
        std::string lines;
        for (const auto& job : report.jobs) {
            if (wanted(job)) lines += "  " + line(job) + "\n";
        }
        if (!lines.empty()) text += "\n" + title + "\n" + lines;
    };
    section(
        "Failed", [](const ReportedJob& job) { return job.state == JobState::failed; },
        [](const ReportedJob& job) {
            return job.name + (job.spent > Credits{} ? " (it cost " + in_words(job.spent) + ")" : "") + ": " + failure_in_words(job);
        });
    if (const auto failed = totals(report).failed; failed > 0) text += "  (" + about_again(failed, left_out(report)) + ")\n";
    section(
        "Cancelled", [](const ReportedJob& job) { return job.state == JobState::cancelled; }, [](const ReportedJob& job) { return job.name; });
    section(
        "Needs a person: no clear answer came from the provider, the task may be rendering and paid",
        [](const ReportedJob& job) { return job.state == JobState::uncertain; },
        [](const ReportedJob& job) { return job.name + ": " + in_words(job.reserved) + " stay reserved"; });
    section(
        "To go", [](const ReportedJob& job) { return !has_ended(job.state) && job.state != JobState::uncertain; },
        [](const ReportedJob& job) { return job.name + ": " + std::string{to_string(job.state)}; });
    section(
        "Done", [](const ReportedJob& job) { return job.state == JobState::done; }, [](const ReportedJob& job) { return job.output; });
    if (!report.unexplained.empty()) text += "\nThe provider's words that are not known (such a task is repeated once at most)\n";
    for (const auto& told : report.unexplained) text += "  " + told + "\n";
    if (!report.warnings.empty()) text += "\nNoticed\n";
    for (const auto& warning : report.warnings) text += "  " + warning + "\n";
    return text;
}

}  // namespace motionspool::domain
