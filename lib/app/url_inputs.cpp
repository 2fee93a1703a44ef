#include "app/url_inputs.hpp"
#include <algorithm>
#include <charconv>
#include "base/text.hpp"
#include "http/address.hpp"
#include "http/redirect.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;
using domain::RemoteFile;

namespace {

constexpr int at_once = 8;
constexpr int most_redirects = 5;
constexpr auto longest_exchange = 10s;
constexpr auto longest_wait = 30s;  ///< a drop is not held up for longer by a server that does not answer
constexpr auto told_often = 5s;
constexpr auto remembered = 10min;  ///< an answer; that there was none is remembered for a tenth of that

std::optional<std::uint64_t> length_of(const http::Headers& headers) {
    const auto text = http::find(headers, "Content-Length").value_or("");
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    const bool encoded = http::find(headers, "Content-Encoding").value_or("identity") != "identity";
    if (error != std::errc{} || end != text.data() + text.size() || encoded || length == 0) return std::nullopt;  // 0: many mean "not told"
    return length;
}

std::string type_of(const http::Headers& headers) {
    auto type = http::find(headers, "Content-Type").value_or("");
    type = type.substr(0, type.find(';'));
    while (type.ends_with(' ')) type.remove_suffix(1);
    return lower_ascii(type);
}

RemoteFile read(const http::Url& url, const http::Response& answer) {
    const auto why = url.origin.host + " answers HTTP " + std::to_string(answer.status);
    if (answer.status == 404 || answer.status == 410) return {RemoteFile::Said::not_there, why, {}, {}};
    if (answer.status < 200 || answer.status > 299) return {RemoteFile::Said::nothing, why, {}, {}};
    return {RemoteFile::Said::something, {}, length_of(answer.headers), type_of(answer.headers)};
}

bool is_one_of(const http::Origin& origin, const std::vector<http::Origin>& origins) { return std::ranges::find(origins, origin) != origins.end(); }

}  // namespace

std::vector<http::Origin> loopback_origins(const config::Config& config) {
    std::vector<http::Origin> origins;
    for (const auto& text : {config.provider.api_url, config.provider.upload_url}) {
        const auto url = http::parse_url(text);
        if (url && http::is_loopback(url->origin)) origins.push_back(url->origin);
    }
    return origins;
}

std::optional<std::string> objection_to_url(const http::Url& url, const std::vector<http::Origin>& ours) {
    if (is_one_of(url.origin, ours)) return std::nullopt;
    const auto number = http::numeric_address(url.origin.host);
    if (http::is_loopback(url.origin) || (number && !http::is_globally_routable(*number)))
        return "names " + url.origin.host + ", which is no address of the public Internet";
    if (!url.origin.tls) return "names " + url.origin.host + " by http, not https";
    return std::nullopt;
}

UrlInputs::UrlInputs(const Settings& settings, Clock& clock, http::Client& http, TaskGroup& group, asio::any_io_executor executor)
    : clock_{clock}, http_{http}, group_{group}, slots_{std::move(executor), at_once}, ours_{loopback_origins(settings.config)} {}

std::optional<RemoteFile> UrlInputs::ask(const std::string& url) {
    forget_old();
    const auto [place, fresh] = known_.try_emplace(url, Known{clock_.boot(), {}, {}});
    if (place->second.until) return place->second.file;
    if (fresh) {
        ++under_way_;
        if (group_.spawn(find_out(url))) return std::nullopt;
        --under_way_;
        known_.erase(url);
        return std::nullopt;  // the service is stopping: nobody takes the drop now
    }
    if (clock_.boot() - place->second.asked < longest_wait) return std::nullopt;
    return RemoteFile{RemoteFile::Said::nothing, "no answer within " + to_words(longest_wait), {}, {}};
}

void UrlInputs::forget_old() {
    std::erase_if(known_, [&](const auto& entry) { return entry.second.until && *entry.second.until <= clock_.boot(); });
}

asio::awaitable<void> UrlInputs::find_out(std::string url) {
    {
        const auto slot = co_await slots_.enter();
        RemoteFile file{RemoteFile::Said::nothing, "it was too many at once to ask", {}, {}};
        if (clock_.boot() - known_.at(url).asked < longest_wait) {
            auto asking = head(url);
            file = co_await std::move(asking);
        }
        const bool said = file.said != RemoteFile::Said::nothing;
        auto& known = known_.at(url);
        known.file = std::move(file);
        known.until = clock_.boot() + (said ? remembered : remembered / 10);
    }
    --under_way_;
    tell();
}

void UrlInputs::tell() {
    if (under_way_ > 0 && clock_.boot() - told_ < told_often) return;
    told_ = clock_.boot();
    answered();
}

asio::awaitable<RemoteFile> UrlInputs::head(std::string text) {
    auto url = http::parse_url(text);
    for (int hops = 0; hops <= most_redirects; ++hops) {
        if (!url) co_return RemoteFile{hops == 0 ? RemoteFile::Said::off_limits : RemoteFile::Said::nothing, url.problem().text, {}, {}};
        if (const auto objection = objection_to_url(*url, ours_))
            co_return RemoteFile{RemoteFile::Said::off_limits, (hops == 0 ? "it " : "it leads to a URL that ") + *objection, {}, {}};
        const auto reach = is_one_of(url->origin, ours_) ? http::Reach::anywhere : http::Reach::global_only;
        const http::Limits limits{.total = longest_exchange, .idle = longest_exchange, .body = 64u << 10};
        http::Headers headers{{"Accept", "*/*"}, {"Accept-Encoding", "identity"}};
        http::Request request{"HEAD", url->target, std::move(headers), std::string{}};
        auto asking = http_.send(url->origin, std::move(request), limits, nullptr, reach);
        const auto exchange = co_await std::move(asking);
        if (const auto* failure = std::get_if<http::Failure>(&exchange))
            co_return RemoteFile{failure->not_public ? RemoteFile::Said::off_limits : RemoteFile::Said::nothing, failure->text, {}, {}};
        const auto& answer = std::get<http::Response>(exchange);
        if (!http::is_redirect(answer.status)) co_return read(*url, answer);
        url = http::redirected(*url, answer);
    }
    co_return RemoteFile{RemoteFile::Said::nothing, "its server redirects without end", {}, {}};
}

}  // namespace motionspool::app
