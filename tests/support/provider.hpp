#pragma once
#include <functional>
#include <map>
#include <set>
#include "async/clock.hpp"
#include "async/wakeup.hpp"
#include "base/credits.hpp"
#include "http/client.hpp"

// A provider in memory: its own truth about tasks, charges, uploads and arrivals, behind the program's http::Client. Time is the given clock's; whatever a test
// wants to go wrong goes wrong at the call it names. Nothing in here asks the program what it believes.
namespace motionspool::test {
using std::chrono::milliseconds;

/// What a call of the program is for.
enum class Where { connect, create, record, credit, upload, fresh_link, result, callback };
[[nodiscard]] std::string to_string(Where);

/// What goes wrong with a call. "Done" faults happen after the server did what was asked.
enum class Fault {
    none,
    no_connection,  ///< refused: nothing was sent
    gone,           ///< connected, and gone before the first byte
    lost_request,   ///< bytes were written, and the connection was reset before the server saw them whole
    silence,        ///< nothing arrives at the server and nothing comes back, until the caller's limit
    lost_answer,    ///< done; then the connection is reset
    late_answer,    ///< done; the answer comes after the caller's limit
    cut_answer,     ///< done; the head and half of the body arrive, then a reset
    short_answer,   ///< done; an answer of half the length that claims to be whole
    http_502_done,  ///< done; an edge answers a page of HTML
    garbage,        ///< done; HTTP 200, and a body that is no JSON and no video
    http_500,
    http_403,
    http_429,
    code_401,
    code_402,
    code_429,
    code_455,
    code_500,  ///< not done: that status, or that code in an HTTP 200
    crash_before,
    crash_after,  ///< the program ends, before or after the server did what was asked
    exception,    ///< the client throws
};
[[nodiscard]] std::string to_string(Fault);

struct Call {
    Where where = Where::connect;
    std::string about;  ///< create: the prompt, by which tests know the job; record, result, callback: the task; upload: the file's name; connect: the host
    std::size_t number = 0;  ///< among all calls, from 0
};

/// When a task's callback comes, if its order names a URL.
enum class CallsBack {
    at_end,
    before_answer,  ///< the task ends at once, and its callback is there before createTask's answer
    thrice,         ///< at its end, and twice more
    never,
    other,  ///< at its end, and another that names a task nobody asked for
};

/// What becomes of a task.
struct Fate {
    milliseconds takes{10'000};
    std::string failure;                ///< empty: it succeeds
    Credits cost = Credits::whole(55);  ///< charged in the end
    bool tells_cost = true;
    std::string video;     ///< empty: a good one of its own
    bool no_link = false;  ///< success, and no URL
    CallsBack calls_back = CallsBack::at_end;
};

struct ProviderTask {
    std::string id, job;               ///< `job` is the prompt
    milliseconds created{0}, ends{0};  ///< on the provider's own clock
    Fate fate;
    std::string param;    ///< the order, as it came
    std::string account;  ///< whose key sent it
};

/// A callback on its way.
struct CallbackPost {
    milliseconds at{0};  ///< on the provider's own clock
    std::string url, task;
    int attempt = 1;
};

/// A complete MP4, told apart by `name`.
[[nodiscard]] std::string video_of(const std::string& name, std::size_t filler = 3000);

class Provider {
public:
    // ---- what a test decides ----
    std::function<Fault(const Call&)> fault = [](const Call&) { return Fault::none; };
    /// @param nth how often this job has had a task before
    std::function<Fate(const std::string& job, int nth)> fate = [](const std::string&, int) { return Fate{}; };
    /// Answers a createTask instead of making a task, or after having made one.
    std::function<std::optional<http::Response>(const std::string& job)> create_instead = [](const std::string&) { return std::nullopt; };
    std::function<std::optional<http::Response>(const ProviderTask&)> create_after = [](const ProviderTask&) { return std::nullopt; };
    /// The `resultJson` that holds a link.
    std::function<std::string(const std::string&)> result_json = [](const std::string& link) { return R"({"resultUrls":[")" + link + R"("]})"; };
    /// Answers a result's URL instead of the provider.
    std::function<std::optional<http::Response>(const http::Url&, const http::Request&)> result_instead = [](const http::Url&, const http::Request&) {
        return std::nullopt;
    };
    /// What hosts named like "cdn.example" answer; they are nobody's of the provider's.
    std::function<http::Response(const http::Url&, const http::Request&)> elsewhere = [](const http::Url&, const http::Request&) {
        return http::Response{404, {}, "not here"};
    };
    std::function<void()> crash = [] {};  ///< called for the two crash faults; cuts this client off
    bool key_is_good = true;
    std::map<std::string, std::string> accounts{{"key-1", "first"}};  ///< by API key; to all but its own account a task is unknown
    Credits balance = Credits::whole(1'000'000);                      ///< of them all
    std::optional<milliseconds> date_ahead;                           ///< answers tell a `Date`, so far ahead of the truth; nothing: they do not
    std::string date_instead;                                         ///< tell this as the `Date`
    int places = 20;                                                  ///< createTask in ten seconds
    milliseconds one_way{20};                                         ///< how long anything travels
    milliseconds upload_life = std::chrono::hours{24}, link_life = std::chrono::hours{24};

    // ---- what it saw ----
    std::vector<ProviderTask> tasks;
    std::vector<milliseconds> arrivals;  ///< of every createTask that was read
    std::map<std::string, int> uploads;  ///< by file name: how often
    std::set<std::string> hosts;         ///< ever connected to
    std::size_t calls = 0, polls = 0, throttled = 0, most_in_window = 0, most_running = 0;
    std::size_t callbacks_taken = 0, callbacks_refused = 0;  ///< answered 200, and 404
    std::vector<Call> log;                                   ///< every call, if `keep_log`
    bool keep_log = false;

    [[nodiscard]] const ProviderTask* task(const std::string& id) const;
    [[nodiscard]] std::vector<const ProviderTask*> tasks_of(const std::string& job) const;
    [[nodiscard]] std::string video(const ProviderTask&) const;
    [[nodiscard]] Credits charged(const ProviderTask&) const;  ///< in the end
    [[nodiscard]] std::size_t running() const;

    /// A program's way to this provider, for one life of it. The provider's time goes on with this clock from where it was.
    [[nodiscard]] std::unique_ptr<http::Client> client(Clock&);
    /// The program at the other end has died: its client reaches nobody any more, and nobody hears of what it still does.
    void cut_off();
    /// Time goes by while no program runs.
    void pass(milliseconds time) { before_this_life_ += time; }
    /// Sends callbacks to one life of the program, until cancelled: four times where nobody answers 200.
    using Take = std::function<asio::awaitable<bool>(std::string url, std::string task)>;
    asio::awaitable<void> call_back(Clock&, asio::any_io_executor, Take);
    std::vector<CallbackPost> posts;  ///< still to be sent
    /// What a clock on the wall should show: the provider's own began at 2026-11-24T00:00:00Z.
    [[nodiscard]] Instant truth() const { return std::chrono::sys_days{std::chrono::November / 24 / 2026} + now(); }
    /// The provider's own clock; goes on through the program's crashes and reboots.
    [[nodiscard]] milliseconds now() const;

    // ---- for its client ----
    struct Arrived {
        http::Origin origin;
        const http::Request& request;
        std::string file;
    };
    [[nodiscard]] Call note(Where, std::string about);
    [[nodiscard]] http::Response answer(const Arrived&);
    [[nodiscard]] bool is_cut_off(int life) const { return life != life_; }

private:
    [[nodiscard]] std::string account_of(const Arrived&) const;  ///< empty: a bad key
    [[nodiscard]] http::Response answer_of_api(const Arrived&);
    [[nodiscard]] http::Response create(const Arrived&);
    [[nodiscard]] http::Response record(const Arrived&);
    [[nodiscard]] http::Response upload(const Arrived&);
    [[nodiscard]] http::Response fresh_link(const Arrived&);
    [[nodiscard]] http::Response result(const Arrived&);
    [[nodiscard]] std::string link_to(const ProviderTask&);
    void note_arrival();
    void plan_callbacks(const ProviderTask&);

    Clock* clock_ = nullptr;
    Wakeup* posted_ = nullptr;
    milliseconds before_this_life_{0};
    BootTime life_began_{};
    int life_ = 0, links_ = 0;
    std::map<std::string, std::size_t> index_;                              ///< tasks by id
    std::multiset<milliseconds> ends_;                                      ///< of tasks that may still run
    std::map<std::string, milliseconds> uploaded_until_;                    ///< by URL
    std::map<std::string, std::pair<std::string, milliseconds>> links_to_;  ///< by target: the task, and until when
};

/// An answer as the API gives it.
[[nodiscard]] http::Response envelope(int code, const std::string& message, const std::string& data = "null");

}  // namespace motionspool::test
