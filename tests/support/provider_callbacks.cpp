#include <algorithm>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include "async/wait.hpp"
#include "support/provider.hpp"

namespace motionspool::test {
using namespace std::chrono_literals;

void Provider::plan_callbacks(const ProviderTask& task) {
    const auto order = boost::json::parse(task.param).as_object();
    const auto* url = order.if_contains("callBackUrl");
    if (url == nullptr) return;
    const CallbackPost post{task.ends, std::string{url->as_string()}, task.id};
    switch (task.fate.calls_back) {
        case CallsBack::never: return;
        case CallsBack::at_end:
        case CallsBack::before_answer: posts.push_back(post); break;
        case CallsBack::thrice:
            for (const auto later : {0ms, 300ms, 60'000ms}) posts.push_back({post.at + later, post.url, post.task});
            break;
        case CallsBack::other:
            posts.push_back(post);
            posts.push_back({post.at, post.url, "task-of-nobody"});
            break;
    }
    if (posted_ != nullptr) posted_->ring();
}

asio::awaitable<void> Provider::call_back(Clock& clock, asio::any_io_executor executor, Take take) {
    Wakeup posted{executor};
    posted_ = &posted;
    struct Leave {
        Wakeup*& place;
        ~Leave() { place = nullptr; }
    };
    const Leave leave{posted_};
    for (const int life = life_; !is_cut_off(life);) {
        const auto first = std::ranges::min_element(posts, {}, &CallbackPost::at);
        if (first == posts.end() || first->at > now()) {
            std::optional<BootTime> when;
            if (first != posts.end()) when = clock.boot() + (first->at - now());
            co_await wait(posted, clock, when);
            continue;
        }
        auto post = *first;
        posts.erase(first);
        const auto what = fault(note(Where::callback, post.task));
        if (what == Fault::crash_before) crash();
        bool taken = false;
        if (!is_cut_off(life) && what != Fault::lost_request && what != Fault::no_connection) {
            auto taking = take(post.url, post.task);
            taken = co_await std::move(taking);
            if (what == Fault::crash_after) crash();
            if (!is_cut_off(life)) (taken ? callbacks_taken : callbacks_refused)++;
        }
        if (what == Fault::lost_answer || is_cut_off(life)) taken = false;
        if (taken || post.attempt == 4) continue;
        post.at = now() + 1000ms * (1 << (post.attempt - 1));
        post.attempt++;
        posts.push_back(std::move(post));
    }
}

}  // namespace motionspool::test
