#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include "desk.hpp"
#include "simulator/builtin_clip.hpp"
#include "simulator/service.hpp"

using namespace motionspool;
using namespace motionspool::simulator;

namespace {
namespace asio = boost::asio;

constexpr milliseconds a_moment{5};

Options brisk() {
    auto options = Desk::quiet();
    options.duration = {milliseconds{30}, milliseconds{30}};
    return options;
}

/// A service on a free port, and a client that talks to it.
struct Town {
    explicit Town(Options options = brisk(), Journal journal = {})
        : service{std::move(Service::open(context.get_executor(), "127.0.0.1:0", std::move(options), std::move(journal)).value())},
          client{http::make_client(context.get_executor(), client_options())},
          origin{http::parse_url(service->url()).value().origin} {}

    static http::ClientOptions client_options() {
        http::ClientOptions options;
        options.user_agent = "smoke/1";
        return options;
    }
    asio::awaitable<http::Exchange> send(http::Request request) {
        std::erase_if(request.headers, [](const http::Header& header) { return header.name == "User-Agent"; });
        const http::Limits limits;
        co_return co_await client->send(origin, std::move(request), limits);
    }
    asio::awaitable<http::Response> answer(http::Request request) {
        auto exchange = co_await send(std::move(request));
        if (const auto* failure = std::get_if<http::Failure>(&exchange)) throw std::runtime_error(failure->text);
        co_return std::move(std::get<http::Response>(exchange));
    }
    asio::awaitable<void> sleep(milliseconds duration) {
        asio::steady_timer timer{context, duration};
        co_await timer.async_wait(asio::use_awaitable);
    }
    /// Runs a script beside the service until both have ended. @throws what either threw
    void run(asio::awaitable<void> script) {
        std::exception_ptr script_error, service_error;
        asio::co_spawn(context, service->run(), [&](std::exception_ptr error) { service_error = error; });
        asio::co_spawn(context, std::move(script), [&](std::exception_ptr error) {
            script_error = error;
            service->stop();
            client.reset();
        });
        context.run();
        if (service_error) std::rethrow_exception(service_error);
        if (script_error) std::rethrow_exception(script_error);
    }

    asio::io_context context{1};
    std::unique_ptr<Service> service;
    std::unique_ptr<http::Client> client;
    http::Origin origin;
};

json::object object(const http::Response& response) { return json::parse(response.body).as_object(); }

http::Request upload_of(const std::string& bytes) {
    auto request = Desk::request("POST", "/api/file-stream-upload",
                                 "--b\r\nContent-Disposition: form-data; name=\"uploadPath\"\r\n\r\nclips\r\n--b\r\nContent-Disposition: form-data; "
                                 "name=\"file\"; filename=\"m.mp4\"\r\n\r\n" +
                                     bytes + "\r\n--b--\r\n");
    request.headers[2].value = "multipart/form-data; boundary=b";
    return request;
}

asio::awaitable<std::string> finished_task(Town& town, std::string motion, std::string prompt, std::string callback) {
    auto order = Desk::request("POST", "/api/v1/jobs/createTask", Desk::order(prompt, motion, callback));
    const auto created = co_await town.answer(std::move(order));
    const std::string task{object(created).at("data").at("taskId").as_string()};
    std::string state;
    while (state != "success") {
        co_await town.sleep(a_moment);
        auto poll = Desk::request("GET", "/api/v1/jobs/recordInfo?taskId=" + task);
        const auto record = co_await town.answer(std::move(poll));
        state = object(record).at("data").at("state").as_string();
    }
    co_return task;
}

asio::awaitable<void> whole_life(Town& town) {
    const auto clip = clip_of(3500, 400'000);
    auto upload = upload_of(clip);
    const auto uploaded = co_await town.answer(std::move(upload));
    const std::string motion{object(uploaded).at("data").at("downloadUrl").as_string()};
    const auto task = co_await finished_task(town, motion, "[sim:cut-download*1]", "");

    auto first = Desk::request("GET", "/r/" + task + ".mp4");
    const auto cut = co_await town.send(std::move(first));
    CHECK(std::holds_alternative<http::Failure>(cut));
    auto second = Desk::request("GET", "/r/" + task + ".mp4");
    const auto whole = co_await town.answer(std::move(second));
    CHECK(whole.body == clip);
    auto third = Desk::request("GET", "/r/" + task + ".mp4");
    third.headers.push_back({"Range", "bytes=400000-"});
    const auto rest = co_await town.answer(std::move(third));
    CHECK(rest.status == 206);
    CHECK(rest.body == clip.substr(400'000));

    auto credit = Desk::request("GET", "/api/v1/chat/credit");
    const auto balance = co_await town.answer(std::move(credit));
    CHECK(object(balance).at("data") == 99'956);
}

asio::awaitable<void> lost_and_late(Town& town) {
    auto lost = Desk::request("POST", "/api/v1/jobs/createTask", Desk::order("[sim:lost-answer]"));
    const auto nothing = co_await town.send(std::move(lost));
    const auto* failure = std::get_if<http::Failure>(&nothing);
    CHECK(failure != nullptr);
    const auto start = std::chrono::steady_clock::now();
    auto late = Desk::request("POST", "/api/v1/jobs/createTask", Desk::order("[sim:slow-answer]"));
    const auto answered = co_await town.answer(std::move(late));
    CHECK(object(answered).at("code") == 200);
    CHECK(std::chrono::steady_clock::now() - start >= milliseconds{25});
    auto asked = Desk::request("GET", "/sim/state");
    const auto state = co_await town.answer(std::move(asked));
    CHECK(object(state).at("created") == 2);
}

/// Collects what is posted to it.
struct Mailbox {
    explicit Mailbox(asio::io_context& context)
        : server{std::move(http::listen(context.get_executor(), "127.0.0.1:0", {}, [this](http::Request request, http::Peer) {
                               return take(std::move(request));
                           }).value())} {}
    asio::awaitable<http::Reply> take(http::Request request) {
        letters.push_back(std::move(request));
        http::Reply reply;
        reply.status = letters.size() == 1 ? 503 : 200;
        co_return reply;
    }
    std::vector<http::Request> letters;
    std::unique_ptr<http::Server> server;
};

asio::awaitable<void> called_back(Town& town, Mailbox& mailbox) {
    TaskGroup group{town.context.get_executor()};
    group.spawn(mailbox.server->serve());
    const auto url = "http://" + mailbox.server->listening_on() + "/callback/TOKEN";
    auto order = Desk::request("POST", "/api/v1/jobs/createTask", Desk::order("[sim:early-callback]", "https://a.example/m.mp4", url));
    const auto created = co_await town.answer(std::move(order));
    CHECK(mailbox.letters.size() == 1);  // it came before the answer
    CHECK(mailbox.letters.at(0).target == "/callback/TOKEN");
    CHECK(std::get<std::string>(mailbox.letters.at(0).body).find(object(created).at("data").at("taskId").as_string()) != std::string::npos);
    const auto second = co_await finished_task(town, "https://a.example/m.mp4", "p", url);
    for (int i = 0; i < 200 && mailbox.letters.size() < 2; ++i) { co_await town.sleep(a_moment); }
    CHECK(mailbox.letters.size() == 2);
    CHECK(std::get<std::string>(mailbox.letters.back().body).find(second) != std::string::npos);
    group.cancel();
    try {
        co_await group.join();
    } catch (const boost::system::system_error&) { CHECK(group.cancelled()); }
}

asio::awaitable<void> one_request(Town& town) {
    auto order = Desk::request("POST", "/api/v1/jobs/createTask", Desk::order());
    const auto refused = co_await town.send(std::move(order));
    CHECK_FALSE((std::holds_alternative<http::Response>(refused) && std::get<http::Response>(refused).status == 200));
}
}  // namespace

TEST_CASE("over real sockets: upload, order, poll, download, resume, pay") {
    Town town;
    town.run(whole_life(town));
}

TEST_CASE("over real sockets: an answer is lost, another comes late") {
    auto options = brisk();
    options.slow_answer = milliseconds{25};
    Town town{options};
    town.run(lost_and_late(town));
}

TEST_CASE("over real sockets: callbacks come, one of them before createTask's answer") {
    Town town;
    Mailbox mailbox{town.context};
    town.run(called_back(town, mailbox));
}

TEST_CASE("a journal that cannot be written ends the service") {
    Town town{brisk(), std::move(Journal::open("/dev/full", false).value())};
    try {
        town.run(one_request(town));
        FAIL("it went on");
    } catch (const std::exception& error) { CHECK(std::string{error.what()}.find("journal cannot be written") != std::string::npos); }
}

TEST_CASE("an address in use, or none, is a problem and no crash") {
    asio::io_context context;
    const auto first = Service::open(context.get_executor(), "127.0.0.1:0", brisk(), {});
    REQUIRE(first.has_value());
    const auto address = (*first)->url().substr(7);
    CHECK_FALSE(Service::open(context.get_executor(), address, brisk(), {}).has_value());
    CHECK_FALSE(Service::open(context.get_executor(), "nonsense", brisk(), {}).has_value());
    CHECK(Service::open(context.get_executor(), "unix:/tmp/x", brisk(), {}).problem().text.find("HOST:PORT") != std::string::npos);
}
