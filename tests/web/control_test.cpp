#include "web/control.hpp"
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <boost/json/parse.hpp>
#include "app/service.hpp"
#include "async/task_group.hpp"
#include "http/client.hpp"
#include "support/manual_clock.hpp"
#include "support/run.hpp"
#include "support/temp_folder.hpp"
#include "system/real_clock.hpp"
#include "system/ticks.hpp"

namespace motionspool::web {
namespace {
namespace json = boost::json;
using namespace std::chrono_literals;
using test::TempFolder;

std::unique_ptr<SQLite::Database> open_in(const TempFolder& folder) {
    auto database = store::open_for_writing(folder / "motionspool.db");
    return std::move(database).value();
}

config::Config config_in(const TempFolder& folder) {
    config::Config config;
    config.output.directory = config.state.directory = folder.path().string();
    return config;
}

/// A control socket in front of a store.
struct Desk {
    TempFolder folder;
    asio::io_context io{1};
    system::RealClock clock;
    app::Settings settings{config_in(folder), "test", {true, "api.kie.ai", 443}, {true, "kieai.redpandaai.co", 443}, system::Secret{"key-1"}};
    store::Store store{io.get_executor(), open_in(folder), system::monotonic_ticks};
    app::Actions actions{settings.config, clock, store};
    app::Places places{settings, clock, store};
    app::Witness witness{settings, store, places};
    app::Quarantine quarantine{settings.config, witness, store};
    std::unique_ptr<http::Client> client = http::make_client(io.get_executor(), {.user_agent = "test"});
    std::mt19937_64 random{1};
    app::KeyWatch key{settings, clock, store};
    app::Tracker tracker{settings, clock, store, *client, key, random};
    app::Evidence evidence{clock, store};
    app::Reconciler reconciler{clock, store, tracker, evidence};
    Controls controls{actions, quarantine, reconciler, store, [this] { return app::money_now(store, settings.config, clock.now()); }};
    std::string socket = (folder / "control.sock").string();
    std::unique_ptr<http::Server> server;

    Desk() {
        places.begin(false);
        auto listening = listen_for_control(io.get_executor(), socket, controls);
        server = std::move(listening).value();
    }

    http::Response ask(const std::string& method, const std::string& target, const std::string& body = "{}") {
        http::Response response;
        test::run(io, converse(method, target, body, response));
        return response;
    }
    json::object ask(const std::string& command, const std::string& body, int status) {
        const auto response = ask("POST", "/api/v1/" + command, body);
        CAPTURE(response.body);
        CHECK(response.status == status);
        CHECK(http::find(response.headers, "Content-Type") == "application/json");
        return json::parse(response.body).as_object();
    }

private:
    asio::awaitable<void> converse(std::string method, std::string target, std::string body, http::Response& response) {
        TaskGroup group{io.get_executor()};
        group.spawn(server->serve());
        auto connecting = http::connect_unix(socket, "test", 5s);
        auto connected = co_await std::move(connecting);
        http::Request request{std::move(method), std::move(target), {}, std::move(body)};
        auto exchanging = std::get<std::unique_ptr<http::Line>>(connected)->exchange(std::move(request), http::Limits{}, nullptr);
        auto exchange = co_await std::move(exchanging);
        response = std::get<http::Response>(std::move(exchange));
        connected = http::Failure{};
        group.cancel();
        co_await group.join();
    }
};

TEST_CASE_FIXTURE(Desk, "money is told as the account and the day stand, whether anything was ever read or spent") {
    auto told = ask("money", "{}", 200);
    CHECK(told.at("balance").is_null());
    CHECK(told.at("spent_today") == 0);
    CHECK(told.at("day").as_string().size() == 10);
    store.funds.balance({Credits::whole(8000), clock.now(), 0});
    told = ask("money", "{}", 200);
    CHECK(told.at("balance") == 8000);
    CHECK(told.at("available") == 8000);
}

TEST_CASE("the control socket lets in its owner and its group, and nobody else") {
    const Desk desk;
    struct stat facts {};
    REQUIRE(::stat(desk.socket.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777u) == 0660u);
}

TEST_CASE("a second daemon's control socket is refused, a stale one is replaced") {
    asio::io_context io;
    std::string path;
    {
        Desk desk;
        path = desk.socket;
        const auto second = listen_for_control(io.get_executor(), path, desk.controls);
        REQUIRE_FALSE(second);
        CHECK(second.problem().text.find("in use") != std::string::npos);
    }
    TempFolder folder;
    Desk desk;
    const auto stale = (folder / "stale.sock").string();
    const UniqueFd left{::socket(AF_UNIX, SOCK_STREAM, 0)};
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    stale.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(left.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    CHECK(listen_for_control(io.get_executor(), stale, desk.controls).has_value());
    CHECK_FALSE(listen_for_control(io.get_executor(), (folder / "none" / "control.sock").string(), desk.controls).has_value());
}

TEST_CASE("an unknown command is a 404, a wrong method a 405 that names the right one") {
    Desk desk;
    CHECK(desk.ask("POST", "/api/v1/dance").status == 404);
    CHECK(desk.ask("POST", "/").status == 404);
    CHECK(desk.ask("POST", "/api/v1/hold/").status == 404);
    const auto wrong = desk.ask("GET", "/api/v1/hold", "");
    CHECK(wrong.status == 405);
    CHECK(http::find(wrong.headers, "Allow") == "POST");
}

TEST_CASE("a body that is no JSON object, or holds something else than was asked for, is a 400 and does nothing") {
    Desk desk;
    for (const std::string body : {"{", "[]", "\"x\"", "{\"reason\": 5}", "{\"raeson\": \"lunch\"}", "{\"until\": \"soon\"}", "{\"until\": true}", "{} {}"}) {
        CAPTURE(body);
        const auto said = desk.ask("pause", body, 400);
        CHECK(said.at("error").at("code") == "usage");
    }
    CHECK_FALSE(desk.store.operations.paused(desk.clock.now()));
    for (const std::string body : {"{\"target\": \"a\", \"dry_run\": 1}", "{\"target\": \"a\", \"cause\": \"x\"}", "{\"target\": \"a/b/c\"}", "{}"}) {
        CAPTURE(body);
        CHECK(desk.ask("hold", body, 400).contains("error"));
    }
    CHECK(desk.ask("set", "{\"batch\": \"a\", \"settings\": [1]}", 400).contains("error"));
    CHECK(desk.ask("set", "{\"batch\": \"a\", \"settings\": \"priority=1\"}", 400).contains("error"));
}

TEST_CASE("a command that was answered is on disk") {
    Desk desk;
    const auto said = desk.ask("pause", "{\"reason\": \"lunch\", \"until\": \"2999-01-01T00:00:00Z\"}", 200);
    CHECK(said.at("text").as_string().find("until 2999-01-01") != json::string::npos);
    CHECK(said.at("jobs") == 0);
    auto reading = store::open_for_reading(desk.folder / "motionspool.db");
    asio::io_context io;
    store::Store other{io.get_executor(), std::move(reading).value(), system::monotonic_ticks};
    REQUIRE(other.operations.paused(desk.clock.now()));
    CHECK(other.operations.paused(desk.clock.now())->reason == "lunch");
    CHECK(desk.ask("resume", "", 200).at("text") == "submissions go on");
    CHECK_FALSE(other.operations.paused(desk.clock.now()));
}

TEST_CASE("a quarantine is ended once, and where there is none that is said") {
    Desk desk;
    CHECK(desk.ask("quarantine/end", "", 409).at("error").at("code") == "refused");
    desk.store.notes.set_fact("quarantine", "the side-file is newer");
    CHECK(desk.ask("quarantine/end", "", 200).at("text").as_string().find("The quarantine is over") == 0);
    CHECK_FALSE(desk.store.notes.fact("quarantine"));
}

TEST_CASE("what is said of an uncertain submission needs a job that is one") {
    Desk desk;
    for (const std::string act : {"adopt", "write-off", "resubmit"}) {
        CHECK(desk.ask("uncertain/" + act, "{\"target\": \"foxes\"}", 404).at("error").at("code") == "not-found");
        CHECK(desk.ask("uncertain/" + act, "{\"target\": \"foxes/job-1\"}", 404).contains("error"));
        CHECK(desk.ask("uncertain/" + act, "{\"job\": \"foxes/job-1\"}", 400).contains("error"));
    }
}

TEST_CASE("what is not there is a 404 in the daemon's own words") {
    Desk desk;
    const auto said = desk.ask("hold", "{\"target\": \"wolves\"}", 404);
    CHECK(said.at("error").at("code") == "not-found");
    CHECK(said.at("error").at("message") == "there is no batch \"wolves\"; `motionspool batches` lists what there is");
}

}  // namespace
}  // namespace motionspool::web
