#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <iostream>
#include "app/json_text.hpp"
#include "domain/advice.hpp"
#include "showing.hpp"

namespace motionspool {
namespace json = boost::json;
namespace {

/// The request's body without the attempt's callback address, whose token is a secret.
json::object sent_in(const store::Attempt& attempt) {
    json::error_code error;
    auto body = json::parse(attempt.request, error);
    if (error || !body.is_object()) return {};
    body.get_object().erase("callBackUrl");
    return body.get_object();
}

json::value or_null(const std::optional<std::string>& text) { return text ? json::value(*text) : json::value(nullptr); }

json::object as_json(const store::Attempt& attempt, int number, const domain::Account& account) {
    json::object object{{"number", number},
                        {"id", attempt.id.value()},
                        {"stage", std::string{to_string(attempt.stage)}},
                        {"state", std::string{to_string(attempt.state)}},
                        {"meaning", std::string{in_words(attempt.state)}},
                        {"armed", to_rfc3339(attempt.armed)}};
    object["task"] = or_null(attempt.task);
    object["outcome"] = or_null(attempt.outcome);
    object["credits_reserved"] = app::as_json(account.reserved);
    object["credits_spent"] = app::as_json(account.spent);
    object["request"] = json::serialize(sent_in(attempt));
    return object;
}

/// The first text of a list, or the text itself.
std::string text_in(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    if (value != nullptr && value->is_array() && !value->get_array().empty()) value = &value->get_array().front();
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

/// "720p, orientation video, IMAGE-URL + MOTION-URL, prompt “…”"
std::string sent_in_words(const store::Attempt& attempt) {
    const auto body = sent_in(attempt);
    const auto* input = body.if_contains("input");
    if (input == nullptr || !input->is_object()) return attempt.request;
    const auto& of = input->get_object();
    const auto prompt = text_in(of, "prompt");
    return text_in(of, "mode") + ", orientation " + text_in(of, "character_orientation") + ", " + text_in(of, "input_urls") + " + " +
           text_in(of, "video_urls") + (prompt.empty() ? ", no prompt" : ", prompt \"" + prompt + "\"");
}

std::string credits_of(const domain::Account& account) {
    if (account.reserved > Credits{}) return in_words(account.reserved) + " reserved";
    return account.spent > Credits{} ? in_words(account.spent) + " spent" : "nothing spent";
}

void tell(const store::Attempt& attempt, int number, const domain::Account& account) {
    const auto stage = attempt.stage == domain::Stage::single ? "" : ", " + std::string{to_string(attempt.stage)};
    std::cout << "  " << number << ". sent " << to_rfc3339(std::chrono::floor<std::chrono::seconds>(attempt.armed)) << stage << ": " << in_words(attempt.state)
              << "; " << credits_of(account) << "\n"
              << "     " << sent_in_words(attempt) << "\n";
    if (attempt.task) std::cout << "     task " << *attempt.task << "\n";
    if (attempt.outcome && !attempt.outcome->empty()) std::cout << "     " << *attempt.outcome << "\n";
}

/// "44", or "66 (44 by the configured prices; videos have cost more)": what it would be reserved for now.
std::string estimate_of(Reading& reading, const store::JobView& job) {
    auto tariff = reading.tariff();
    const auto price = app::price_of(job, tariff);
    tariff.p720 = tariff.p1080 = {};
    const auto configured = app::price_of(job, tariff);
    const bool raised = price != configured && !domain::has_ended(job.state);
    return to_string(price) + (raised ? " (" + to_string(configured) + " by the configured prices; videos have cost more)" : "");
}

std::string heading(const store::JobView& job, const std::optional<domain::Blocked>& waiting) {
    auto text = job.batch + "/" + job.job + ": " + std::string{to_string(job.state)};
    if (job.stage != domain::Stage::single) text += " (" + std::string{to_string(job.stage)} + ")";
    if (waiting) text += ", waits for " + std::string{to_string(waiting->why)} + " (" + waiting->numbers + ")";
    return text;
}

}  // namespace

void show_job_json(Reading& reading, const store::JobView& job) {
    auto object = as_json(job, reading.standing().waiting(job));
    json::array list;
    int number = 0;
    for (const auto& attempt : reading.store().attempts.of(job.id)) list.push_back(as_json(attempt, ++number, reading.store().attempts.account(attempt.id)));
    object["credits_estimated"] = app::as_json(app::price_of(job, reading.tariff()));
    object["attempt_list"] = std::move(list);
    object["events"] = events_as_json(reading.store().views.events(job.id));
    std::cout << json::serialize(object) << "\n";
}

void show_job(Reading& reading, const store::JobView& job) {
    std::cout << heading(job, reading.standing().waiting(job)) << "\n";
    if (job.error) std::cout << "  " << job.error->code << ": " << job.error->message << "\n";
    if (const auto* trouble = job.trouble()) std::cout << "  " << in_words(*trouble) << "\n";
    if (job.output) std::cout << "  video: " << *job.output << "\n";
    std::cout << "  " << job.image << " + " << job.motion << ", " << job.mode << ", orientation " << job.orientation << "\n";
    if (!job.prompt.empty()) std::cout << "  prompt: " << job.prompt << "\n";
    std::cout << "  credits: " << estimate_of(reading, job) << " estimated, " << to_string(job.reserved) << " reserved, " << to_string(job.spent) << " spent\n";
    const auto attempts = reading.store().attempts.of(job.id);
    if (job.state == domain::JobState::uncertain && !attempts.empty())
        std::cout << "\n"
                  << domain::advice_on_uncertain(job.batch + "/" + job.job, attempts.back().armed, job.reserved,
                                                 attempts.back().callback && reading.takes_callbacks())
                  << "\n";
    if (!attempts.empty()) std::cout << "\nAttempts\n";
    int number = 0;
    for (const auto& attempt : attempts) tell(attempt, ++number, reading.store().attempts.account(attempt.id));
    std::cout << events_as_text(reading.store().views.events(job.id));
}

}  // namespace motionspool
