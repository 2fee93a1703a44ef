#include <doctest/doctest.h>
#include <array>
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// What becomes of a job once the provider has a task for it, or cannot get at its inputs.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;
using domain::JobState;

http::Response redirect(const std::string& to) { return {302, {{"Location", to}}, ""}; }

std::string error_of(World& world, const std::string& job) {
    const auto error = world.job(job).error;
    return error ? error->code : "";
}

}  // namespace

TEST_CASE("a task that failed and cost nothing is tried again, as often as limits.attempts says") {
    World world;
    world.provider.fate = [](const std::string& job, int nth) {
        const bool fails = job == "batch/job-1" ? nth < 2 : job == "batch/job-2";
        return fails ? Fate{.failure = "Internal error", .cost = 0_credits} : Fate{};
    };
    world.drop("batch", 3);
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(world.job("batch/job-1").state == JobState::done);
    CHECK(world.provider.tasks_of("batch/job-1").size() == 3);
    CHECK(error_of(world, "batch/job-2") == "provider-failed");
    CHECK(world.provider.tasks_of("batch/job-2").size() == 3);
    CHECK(world.provider.tasks_of("batch/job-3").size() == 1);
}

TEST_CASE("what was moderated, what has cost something, and what may have cost something is never tried again") {
    World world;
    world.provider.fate = [](const std::string& job, int) -> Fate {
        if (job == "batch/job-1") return {.failure = "The content violates our policy", .cost = 0_credits};
        if (job == "batch/job-2") return {.failure = "Internal error", .cost = 20_credits};
        if (job == "batch/job-3") return {.failure = "Internal error", .cost = 55_credits, .tells_cost = false};  // the estimate, and nobody says so
        return {.failure = "No complete upper body detected", .cost = 0_credits};
    };
    world.drop("batch", 4);
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(world.provider.tasks.size() == 4);
    CHECK(error_of(world, "batch/job-1") == "moderation");
    CHECK(error_of(world, "batch/job-2") == "provider-failed");
    CHECK(error_of(world, "batch/job-3") == "provider-failed");
    CHECK(error_of(world, "batch/job-4") == "no-upper-body");
    CHECK(world.store().attempts.totals().spent == 75_credits);
}

TEST_CASE("a task without an end fails as stuck at the deadline, its estimate counted as spent, across a restart") {
    World world;
    world.provider.fate = [](const std::string& job, int) { return Fate{.takes = job == "batch/job-1" ? 1000h : 10s}; };
    world.drop("batch", 2);
    world.start();
    world.run_for(1h);
    world.restart();
    world.run_for(55min);
    CHECK(world.job("batch/job-1").state == JobState::running);
    REQUIRE(world.rest(20min));
    CHECK(error_of(world, "batch/job-1") == "stuck");
    CHECK(world.provider.now() < 2h + 10min);
    CHECK(world.broken_promises() == "");
    CHECK(world.store().attempts.totals().spent == 110_credits);
}

TEST_CASE("uploads that have expired while jobs waited are sent again before anything is submitted") {
    World world;
    world.settings.config.provider.upload_ttl = 2h;
    world.provider.upload_life = 3h;
    world.provider.balance = 60_credits;
    world.drop("batch", 3);
    world.start();
    world.run_for(4h);
    CHECK(world.in_state("done") == 1);
    world.provider.balance = 1000_credits;
    REQUIRE(world.rest(20min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 3);
    CHECK(world.provider.tasks.size() == 3);  // none failed for want of its inputs
    for (const auto& upload : world.provider.uploads) CHECK(upload.second >= 2);
}

TEST_CASE("when the provider lost our uploads, they are forgotten, sent again, and the job is tried again") {
    World world;
    world.provider.upload_life = 30s;
    world.settings.config.limits.running = 1;
    world.provider.fate = [](const std::string&, int) { return Fate{.takes = 60s}; };
    world.drop("batch", 4);
    REQUIRE(world.rest(3h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 4);
}

TEST_CASE("an expired result link is exchanged for a fresh one") {
    World world;
    int asked = 0;
    world.provider.result_instead = [&](const http::Url&, const http::Request&) -> std::optional<http::Response> {
        if (++asked <= 2) return http::Response{asked == 1 ? 403 : 404, {}, "expired"};
        return std::nullopt;
    };
    world.provider.keep_log = true;
    world.drop("batch", 1);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 1);
    std::size_t fresh = 0;
    for (const auto& call : world.provider.log) fresh += call.where == Where::fresh_link ? 1 : 0;
    CHECK(fresh == 2);
}

TEST_CASE("a redirect is followed to an allowed host, and to no other") {
    for (const std::string elsewhere : {"https://evil.example/out.mp4", "http://cdn.aiquickdraw.com/x.mp4", "https://127.0.0.1/x.mp4",
                                        "https://aiquickdraw.com.example/x.mp4", "//evil.example/x.mp4", ""}) {
        CAPTURE(elsewhere);
        World world;
        bool leads_away = true;
        world.provider.result_instead = [&](const http::Url& url, const http::Request&) -> std::optional<http::Response> {
            CHECK(url.origin.host == "tempfile.aiquickdraw.com");
            if (leads_away) return redirect(elsewhere);
            return std::nullopt;
        };
        world.drop("batch", 1);
        world.start();
        world.run_for(1h);
        CHECK(world.in_state("downloading") == 1);
        for (const auto& host : world.provider.hosts) CHECK_MESSAGE(host.find("example") == std::string::npos, host);
        CHECK_FALSE(world.provider.hosts.contains("127.0.0.1"));
        CHECK_FALSE(world.provider.hosts.contains("cdn.aiquickdraw.com"));
        leads_away = false;
        REQUIRE(world.rest(30min));
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("done") == 1);
    }
    World world;
    world.provider.result_instead = [&](const http::Url& url, const http::Request&) -> std::optional<http::Response> {
        if (url.target.ends_with(".mp4")) return redirect("/again" + url.target.substr(0, url.target.size() - 4));
        if (url.target.starts_with("/again")) return redirect("https://" + url.origin.host + url.target.substr(6) + "?x=1");
        return http::Response{200, {}, world.provider.video(world.provider.tasks.front())};
    };
    world.drop("batch", 1);
    REQUIRE(world.rest(30min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 1);
}

TEST_CASE("a result that is no complete video, however often it is fetched, fails the job as result-broken and is never visible") {
    const auto good = video_of("any");
    const std::array broken{std::string{"<html>not found</html>"}, std::string{}, good.substr(0, good.size() - 1), good + "x", std::string(5000, '\0')};
    for (const auto& bytes : broken) {
        CAPTURE(bytes.size());
        World world;
        world.provider.result_instead = [&](const http::Url&, const http::Request&) { return std::optional{http::Response{200, {}, bytes}}; };
        world.drop("batch", 1);
        REQUIRE(world.rest(3h));
        CHECK(world.broken_promises() == "");
        CHECK(error_of(world, "batch/job-1") == "result-broken");
        CHECK_FALSE(fs::exists(world.output("batch/job-1.mp4")));
        CHECK(world.store().attempts.totals().spent == 55_credits);
    }
}

TEST_CASE("of several links each is tried until one is a video") {
    World world;
    const std::string beside = "https://tempfile.aiquickdraw.com/beside";
    world.provider.result_json = [&](const std::string& link) {
        return R"({"resultUrls":[null,")" + beside + R"(/a.mp4",")" + link + R"(",")" + beside + R"("]})";
    };
    world.provider.result_instead = [&](const http::Url& url, const http::Request&) -> std::optional<http::Response> {
        if (url.target == "/beside/a.mp4") return http::Response{200, {}, "<html>a page</html>"};
        return url.target == "/beside" ? std::optional<http::Response>({404, {}, ""}) : std::nullopt;
    };
    world.drop("batch", 3);
    REQUIRE(world.rest(10min));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 3);
}

TEST_CASE("of several links the first is the result as long as it may be one: trouble passes, what has expired is renewed") {
    const std::string other = "https://tempfile.aiquickdraw.com/other.mp4";
    for (const int first_says : {503, 403}) {
        for (const bool page : {false, true}) {
            CAPTURE(first_says);
            CAPTURE(page);
            World world;
            int sick = 12;
            world.provider.result_json = [&](const std::string& link) { return R"({"resultUrls":[")" + link + R"(",")" + other + R"("]})"; };
            world.provider.result_instead = [&](const http::Url& url, const http::Request&) -> std::optional<http::Response> {
                if (url.target == "/other.mp4") return page ? http::Response{200, {}, "<html>a page</html>"} : http::Response{500, {}, ""};
                return sick-- > 0 ? std::optional<http::Response>({first_says, {}, ""}) : std::nullopt;
            };
            world.drop("batch", 1);
            REQUIRE(world.rest(3h));
            CHECK(world.broken_promises() == "");
            CHECK(world.in_state("done") == 1);
        }
    }
}

TEST_CASE("a result that no link leads to fails as result-missing after a day, and readers are told why meanwhile") {
    World world;
    world.provider.result_instead = [](const http::Url&, const http::Request&) { return std::optional<http::Response>({404, {}, ""}); };
    world.drop("batch", 1);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return !world.jobs().empty() && world.jobs().front().download; }));
    CHECK(world.job("batch/job-1").state == JobState::downloading);
    CHECK(world.job("batch/job-1").download->text == "the result host answers HTTP 404");
    world.run_for(23h);
    CHECK(world.job("batch/job-1").state == JobState::downloading);
    world.run_for(2h);
    CHECK(world.job("batch/job-1").state == JobState::failed);
    CHECK(error_of(world, "batch/job-1") == "result-missing");
    CHECK_FALSE(world.job("batch/job-1").download.has_value());
    CHECK(world.provider.tasks.size() == 1);
}

TEST_CASE("the trouble of a download is forgotten once the video is there, and by the next process") {
    World world;
    bool answers = false;
    world.provider.result_instead = [&](const http::Url&, const http::Request&) {
        return answers ? std::nullopt : std::optional<http::Response>({503, {}, ""});
    };
    world.drop("batch", 1);
    world.start();
    REQUIRE(world.run_until(1h, [&] { return !world.jobs().empty() && world.jobs().front().download; }));
    world.crash();
    answers = true;
    world.restart();
    CHECK_FALSE(world.job("batch/job-1").download.has_value());
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(world.job("batch/job-1").state == JobState::done);
}

TEST_CASE("a download that is cut off goes on where it stopped") {
    World world;
    std::vector<std::string> ranges;
    int results = 0;
    world.provider.fault = [&](const Call& call) { return call.where == Where::result && ++results <= 3 ? Fault::cut_answer : Fault::none; };
    world.provider.result_instead = [&](const http::Url&, const http::Request& request) -> std::optional<http::Response> {
        ranges.emplace_back(http::find(request.headers, "Range").value_or(""));
        return std::nullopt;
    };
    world.provider.fate = [](const std::string&, int) { return Fate{.video = video_of("long", 100'000)}; };
    world.drop("batch", 1);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    REQUIRE(ranges.size() == 4);
    CHECK(ranges[0] == "");
    CHECK(ranges[1].starts_with("bytes="));
    CHECK(ranges[3] > ranges[1]);
}

TEST_CASE("a result that changes between two parts is fetched anew, never stitched together") {
    World world;
    int results = 0;
    world.provider.fault = [&](const Call& call) { return call.where == Where::result && ++results == 1 ? Fault::cut_answer : Fault::none; };
    const auto other = video_of("other", 9000);
    world.provider.result_instead = [&](const http::Url&, const http::Request& request) -> std::optional<http::Response> {
        if (!http::find(request.headers, "Range")) return std::nullopt;
        return http::Response{200, {{"ETag", "\"another\""}}, other};
    };
    world.watch_output = false;
    world.drop("batch", 1);
    REQUIRE(world.rest(1h));
    CHECK(world.in_state("done") == 1);
    CHECK(read_file(world.output("batch/job-1.mp4")) == other);
}

TEST_CASE("a final name that is taken, by a person's file or by another job's video, gets a number, and nothing is overwritten") {
    World world;
    world.settings.config.output.name = "{job}.mp4";
    world.watch_output = false;
    write_file(world.output("job-1.mp4"), "somebody's own film");
    world.drop("first", 1);
    world.drop("second", 1);
    REQUIRE(world.rest(1h));
    CHECK(world.in_state("done") == 2);
    CHECK(read_file(world.output("job-1.mp4")) == "somebody's own film");
    for (const std::string name : {"first/job-1", "second/job-1"}) {
        const auto* task = world.provider.tasks_of(name).front();
        CHECK(read_file(world.job(name).output.value()) == world.provider.video(*task));
    }
    CHECK(world.job("first/job-1").output != world.job("second/job-1").output);
}

TEST_CASE("success without a result's URL fails loudly and is not tried again") {
    World world;
    world.provider.fate = [](const std::string&, int) { return Fate{.tells_cost = true, .no_link = true}; };
    world.drop("batch", 1);
    REQUIRE(world.rest(1h));
    CHECK(world.broken_promises() == "");
    CHECK(error_of(world, "batch/job-1") == "result-missing");
    CHECK(world.provider.tasks.size() == 1);
}

TEST_CASE("a file that changes while it is uploaded fails its jobs; one that only grows, or is replaced, is rendered as it was accepted") {
    for (const std::string how : {"same length", "shorter", "longer", "replaced"}) {
        CAPTURE(how);
        World world;
        int touched = 0;
        world.provider.fault = [&](const Call& call) {
            if (call.where != Where::upload || touched++ > 0) return Fault::none;
            for (const auto* name : {"fox.png", "wave.mp4"}) {  // both are open, and on their way
                const auto path = world.spool("accepted/batch") / name;
                const auto now = read_file(path);
                if (how == "same length") write_file(path, now.substr(0, now.size() - 1) + "X");
                if (how == "shorter") fs::resize_file(path, now.size() - 3);
                if (how == "longer") write_file(path, now + " and more");
                if (how == "replaced") fs::rename(path, path.string() + ".old"), write_file(path, now + " of another kind");
            }
            return Fault::none;
        };
        world.drop("batch", 2);
        REQUIRE(world.rest(2h));
        CHECK(world.broken_promises() == "");
        CHECK(touched > 0);
        const bool as_accepted = how == "longer" || how == "replaced";
        CHECK(error_of(world, "batch/job-1") == (as_accepted ? "" : "input-changed"));
        CHECK(world.in_state("done") == (as_accepted ? 2 : 0));
        CHECK(world.provider.tasks.size() == (as_accepted ? 2 : 0));
    }
}

TEST_CASE("inputs that changed or vanished after they were accepted fail their jobs before anything is paid") {
    for (const std::string how : {"same length", "longer", "gone"}) {
        CAPTURE(how);
        World world;
        world.provider.fault = [&](const Call& call) {
            return call.where == Where::connect && world.provider.now() < 10min ? Fault::no_connection : Fault::none;
        };
        world.drop("batch", 2);
        world.start();
        REQUIRE(world.run_until(1min, [&] { return fs::exists(world.spool("accepted/batch/wave.mp4")); }));
        if (how == "same length") write_file(world.spool("accepted/batch/wave.mp4"), "motion: b wave");
        if (how == "longer") write_file(world.spool("accepted/batch/wave.mp4"), "motion: a wave and more");
        if (how == "gone") fs::remove(world.spool("accepted/batch/wave.mp4"));
        REQUIRE(world.rest(2h));
        CHECK(world.broken_promises() == "");
        CHECK(world.in_state("failed") == 2);
        CHECK(error_of(world, "batch/job-1") == (how == "gone" ? "input-missing" : "input-changed"));
        CHECK(world.provider.tasks.empty());
    }
}

TEST_CASE("inputs on a media root that is not mounted are waited for") {
    World world;
    world.provider.fault = [&](const Call& call) { return call.where == Where::connect && world.provider.now() < 10min ? Fault::no_connection : Fault::none; };
    for (const auto& [name, content] : fox_and_wave()) write_file(world.media() / name, content);
    world.drop_lone("batch.yaml", manifest_of("batch", 2));
    world.start();
    REQUIRE(world.run_until(1min, [&] { return fs::exists(world.spool("accepted/batch.yaml")); }));
    const fs::path away = world.media().string() + ".away";
    fs::rename(world.media(), away);
    fs::create_directory(world.media());  // what is left of it is the empty folder it was mounted on
    world.run_for(30min);
    CHECK(world.in_state("failed") == 0);
    REQUIRE(world.job("batch/job-1").upload);
    CHECK(world.job("batch/job-1").upload->text.find("which holds nothing; is it not mounted?") != std::string::npos);
    fs::remove(world.media());
    fs::rename(away, world.media());
    REQUIRE(world.rest(2h));
    CHECK(world.broken_promises() == "");
    CHECK(world.in_state("done") == 2);
}

}  // namespace motionspool::test
