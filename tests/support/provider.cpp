#include "support/provider.hpp"
#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <ctime>

namespace motionspool::test {
namespace json = boost::json;
using namespace std::chrono_literals;

namespace {

std::string big_endian(std::uint32_t value) {
    return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8), static_cast<char>(value)};
}

std::string box(const std::string& type, const std::string& content) { return big_endian(static_cast<std::uint32_t>(content.size() + 8)) + type + content; }

std::string text_between(std::string_view text, std::string_view before, std::string_view after) {
    const auto at = text.find(before);
    if (at == std::string_view::npos) return {};
    const auto begin = at + before.size();
    return std::string{text.substr(begin, text.find(after, begin) - begin)};
}

const std::string& body_of(const http::Request& request) {
    if (const auto* file = std::get_if<http::FileBody>(&request.body)) return file->before;
    return std::get<std::string>(request.body);
}

/// "Tue, 24 Nov 2026 22:05:01 GMT"
std::string http_date(Instant at) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    const std::time_t time{seconds};
    std::tm parts{};
    ::gmtime_r(&time, &parts);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

constexpr const char* result_host = "tempfile.aiquickdraw.com";

}  // namespace

std::string video_of(const std::string& name, std::size_t filler) {
    const auto mvhd = box("mvhd", std::string(12, '\0') + big_endian(1000) + big_endian(5000) + std::string(80, '\0'));
    return box("ftyp", "isom") + box("moov", mvhd) + box("mdat", name + std::string(filler, 'm'));
}

http::Response envelope(int code, const std::string& message, const std::string& data) {
    return {200,
            {{"Content-Type", "application/json"}},
            R"({"code":)" + std::to_string(code) + R"(,"msg":)" + json::serialize(json::string{message}) + R"(,"data":)" + data + "}"};
}

milliseconds Provider::now() const { return clock_ == nullptr ? before_this_life_ : before_this_life_ + (clock_->boot() - life_began_); }

void Provider::cut_off() {
    before_this_life_ = now();
    clock_ = nullptr;
    ++life_;
}

Call Provider::note(Where where, std::string about) {
    Call call{where, std::move(about), calls++};
    if (keep_log) log.push_back(call);
    return call;
}

const ProviderTask* Provider::task(const std::string& id) const {
    const auto found = index_.find(id);
    return found == index_.end() ? nullptr : &tasks[found->second];
}

std::vector<const ProviderTask*> Provider::tasks_of(const std::string& job) const {
    std::vector<const ProviderTask*> found;
    for (const auto& task : tasks) {
        if (task.job == job) found.push_back(&task);
    }
    return found;
}

std::string Provider::video(const ProviderTask& task) const { return task.fate.video.empty() ? video_of(task.id) : task.fate.video; }

Credits Provider::charged(const ProviderTask& task) const { return task.fate.cost; }

std::size_t Provider::running() const { return static_cast<std::size_t>(std::distance(ends_.upper_bound(now()), ends_.end())); }

http::Response Provider::answer(const Arrived& arrived) {
    const auto& target = arrived.request.target;
    if (arrived.origin.host == result_host) return result(arrived);
    if (arrived.origin.host.ends_with(".example")) return elsewhere({arrived.origin, target}, arrived.request);
    auto response = answer_of_api(arrived);
    if (date_ahead) response.headers.push_back({"Date", http_date(truth() + *date_ahead)});
    if (!date_instead.empty()) response.headers.push_back({"Date", date_instead});
    return response;
}

std::string Provider::account_of(const Arrived& arrived) const {
    const auto header = std::string{http::find(arrived.request.headers, "Authorization").value_or("")};
    const auto account = accounts.find(header.substr(std::min<std::size_t>(header.size(), 7)));
    return key_is_good && header.starts_with("Bearer ") && account != accounts.end() ? account->second : "";
}

http::Response Provider::answer_of_api(const Arrived& arrived) {
    const auto& target = arrived.request.target;
    if (target == "/api/v1/jobs/createTask") note_arrival();
    if (account_of(arrived).empty()) return envelope(401, "You do not have access permissions");
    if (target == "/api/v1/jobs/createTask") return create(arrived);
    if (target.starts_with("/api/v1/jobs/recordInfo?taskId=")) return record(arrived);
    if (target == "/api/v1/chat/credit") return envelope(200, "success", to_string(balance));
    if (target == "/api/file-stream-upload") return upload(arrived);
    if (target == "/api/v1/common/download-url") return fresh_link(arrived);
    return {404, {}, "not here"};
}

void Provider::note_arrival() {
    arrivals.push_back(now());
    const auto in_window = std::count_if(arrivals.rbegin(), arrivals.rbegin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(arrivals.size(), 200)),
                                         [&](milliseconds at) { return at > now() - 10s; });
    most_in_window = std::max(most_in_window, static_cast<std::size_t>(in_window));
}

http::Response Provider::create(const Arrived& arrived) {
    const auto in_window = std::count_if(arrivals.begin(), arrivals.end(), [&](milliseconds at) { return at > now() - 10s; });
    if (in_window > places) {
        ++throttled;
        return envelope(429, "Your call frequency is too high. Please try again later.");
    }
    const auto body = json::parse(body_of(arrived.request)).as_object();
    const auto& input = body.at("input").as_object();
    const std::string job{input.at("prompt").as_string()};
    if (auto instead = create_instead(job)) return *instead;
    auto planned = fate(job, static_cast<int>(tasks_of(job).size()));
    if (balance < planned.cost)
        return envelope(402, "Credits insufficient : Your current balance isn't enough to run this request. Please top up to continue.");
    for (const auto* key : {"input_urls", "video_urls"}) {
        const std::string url{input.at(key).as_array().at(0).as_string()};
        const auto known = uploaded_until_.find(url);
        const bool there = known != uploaded_until_.end() ? known->second > now() : url.find("redpandaai") == std::string::npos;
        if (!there) planned = {.takes = 2s, .failure = "Image fetch failed. Check access settings", .cost = Credits{}};
    }
    balance = balance - planned.cost;
    if (planned.calls_back == CallsBack::before_answer) planned.takes = 0ms;
    ProviderTask task{"task-" + std::to_string(tasks.size() + 1), job, now(), now() + planned.takes, planned, body_of(arrived.request), account_of(arrived)};
    plan_callbacks(task);
    ends_.erase(ends_.begin(), ends_.upper_bound(now()));
    ends_.insert(task.ends);
    most_running = std::max(most_running, ends_.size());
    index_.emplace(task.id, tasks.size());
    tasks.push_back(task);
    if (auto after = create_after(task)) return *after;
    return envelope(200, "success", R"({"taskId":")" + task.id + R"("})");
}

http::Response Provider::record(const Arrived& arrived) {
    ++polls;
    const auto* found = task(arrived.request.target.substr(arrived.request.target.find('=') + 1));
    if (found == nullptr || found->account != account_of(arrived)) return envelope(422, "recordInfo is null");
    const bool over = found->ends <= now();
    json::object data{{"taskId", found->id}, {"state", !over ? "generating" : found->fate.failure.empty() ? "success" : "fail"}};
    data["param"] = found->param;
    data["createTime"] = (std::chrono::sys_days{std::chrono::November / 24 / 2026} + found->created).time_since_epoch() / 1ms;
    if (over && found->fate.tells_cost) data["creditsConsumed"] = json::parse(to_string(found->fate.cost));
    if (over && found->fate.failure.empty() && !found->fate.no_link) data["resultJson"] = result_json(link_to(*found));
    if (over) data["failMsg"] = found->fate.failure;
    return envelope(200, "success", json::serialize(data));
}

std::string Provider::link_to(const ProviderTask& task) {
    const auto target = "/r/" + task.id + "/" + std::to_string(++links_) + ".mp4";
    links_to_.insert_or_assign(target, std::pair{task.id, now() + link_life});
    return std::string{"https://"} + result_host + target;
}

http::Response Provider::upload(const Arrived& arrived) {
    const auto name = text_between(body_of(arrived.request), "name=\"fileName\"\r\n\r\n", "\r\n");
    const auto url = "https://tempfile.redpandaai.co/" + std::to_string(++uploads[name]) + "/" + name;
    uploaded_until_.insert_or_assign(url, now() + upload_life);
    return envelope(200, "File uploaded successfully", R"({"downloadUrl":")" + url + R"(","fileSize":)" + std::to_string(arrived.file.size()) + "}");
}

http::Response Provider::fresh_link(const Arrived& arrived) {
    const std::string url{json::parse(body_of(arrived.request)).as_object().at("url").as_string()};
    const auto known = links_to_.find(url.substr(std::min(url.size(), std::string{"https://"}.size() + std::string{result_host}.size())));
    if (known == links_to_.end()) return envelope(422, "the url is not ours");
    return envelope(200, "success", '"' + link_to(*task(known->second.first)) + '"');
}

http::Response Provider::result(const Arrived& arrived) {
    if (http::find(arrived.request.headers, "Authorization")) return {400, {}, "a key where none belongs"};
    const http::Url url{arrived.origin, arrived.request.target};
    if (auto other = result_instead(url, arrived.request)) return *other;
    const auto known = links_to_.find(url.target);
    if (known == links_to_.end()) return {404, {}, "no such file"};
    if (known->second.second <= now()) return {403, {}, "the link has expired"};
    const auto& whole = video(*task(known->second.first));
    const auto etag = '"' + known->second.first + '"';
    const auto range = http::find(arrived.request.headers, "Range");
    if (range && http::find(arrived.request.headers, "If-Range") == etag) {
        const auto from = std::stoull(text_between(*range, "bytes=", "-"));
        const auto place = "bytes " + std::to_string(from) + "-" + std::to_string(whole.size() - 1) + "/" + std::to_string(whole.size());
        return {206, {{"ETag", etag}, {"Content-Range", place}}, whole.substr(from)};
    }
    return {200, {{"ETag", etag}}, whole};
}

}  // namespace motionspool::test
