#include <doctest/doctest.h>
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// Images and motions given as URLs: their servers are asked, and never hold anybody else up.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;

std::string manifest_with(const std::string& image, const std::string& motion) {
    return "version: 1\njobs:\n  - {id: fox, image: \"" + image + "\", motion: \"" + motion + "\", seconds: 5, prompt: p}\n";
}
const std::string good_motion = "https://cdn.example/wave.mp4";

http::Response file_of(std::string type, std::uint64_t bytes) {
    return {200, {{"Content-Type", std::move(type)}, {"Content-Length", std::to_string(bytes)}}, {}};
}

/// Servers that answer as they should, but for /fox.png, where a test says how.
struct Urls : World {
    explicit Urls(http::Response fox = file_of("image/png; charset=binary", 9'000'000)) {
        provider.elsewhere = [this, fox](const http::Url& url, const http::Request& request) {
            asked.push_back(request.method + " " + http::to_string(url));
            keys_shown += http::find(request.headers, "Authorization") ? 1 : 0;
            return url.target == "/fox.png" ? fox : file_of("video/mp4", 90'000'000);
        };
    }
    std::vector<std::string> asked;
    int keys_shown = 0;

    /// Drops a job with that image, and waits. @return the report of the drop if it is rejected, "" if its job is done
    std::string outcome(const std::string& image = "https://cdn.example/fox.png") {
        drop("urls", manifest_with(image, good_motion), {});
        REQUIRE(rest(1h));
        CHECK(broken_promises() == "");
        CHECK(provider.uploads.empty());
        CHECK(keys_shown == 0);
        if (in_state("done") == 1) return "";
        CHECK(provider.tasks.empty());
        return read_file(spool("rejected/urls.report.txt"));
    }
};

bool says(const std::string& report, const std::string& words) { return report.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("URLs whose servers vouch for them are rendered as they are, and asked about once") {
    Urls world;
    CHECK(world.outcome() == "");
    CHECK(world.asked == std::vector<std::string>{"HEAD https://cdn.example/fox.png", "HEAD https://cdn.example/wave.mp4"});
    CHECK(world.provider.tasks.front().param.find("https://cdn.example/fox.png") != std::string::npos);
}

TEST_CASE("what a server tells of a file that cannot be used rejects the drop, at the URL's place, before anything is sent") {
    struct Row {
        http::Response answer;
        std::string words;
    };
    const Row table[] = {
        {file_of("image/png", 11'000'000), "the image is 11 MB; at most 10 MB is accepted"},
        {file_of("text/html", 900), "the server calls it text/html, a web page; expected a JPEG or PNG, the file itself"},
        {file_of("image/webp", 900), "the server calls it image/webp; expected a JPEG or PNG"},
        {{404, {}, {}}, "there is no such file (cdn.example answers HTTP 404)"},
        {{410, {}, {}}, "there is no such file (cdn.example answers HTTP 410)"},
        {{302, {{"Location", "https://169.254.169.254/latest/meta-data/"}}, {}}, "it leads to a URL that names 169.254.169.254"},
        {{302, {{"Location", "http://other.example/fox.png"}}, {}}, "it leads to a URL that names other.example by http, not https"},
    };
    for (const auto& row : table) {
        CAPTURE(row.words);
        Urls world{row.answer};
        const auto report = world.outcome();
        CAPTURE(report);
        CHECK(says(report, "urls/manifest.yaml:3:22: error: \"https://cdn.example/fox.png\": "));
        CHECK(says(report, row.words));
        CHECK_FALSE(says(report, "warning"));
    }
}

TEST_CASE("a server that tells nothing of use is believed nothing against the file") {
    for (const int status : {400, 401, 403, 405, 429, 500, 501, 503}) {
        CAPTURE(status);
        Urls world{{status, {{"Content-Type", "text/html"}}, {}}};
        CHECK(world.outcome() == "");
    }
    Urls untold{{200, {{"Content-Type", "application/octet-stream"}}, {}}}, empty{{200, {{"Content-Length", "0"}}, {}}};
    CHECK(untold.outcome() == "");
    CHECK(empty.outcome() == "");
    Urls lost;
    lost.provider.fault = [](const Call& call) { return call.about == "/fox.png" ? Fault::lost_answer : Fault::none; };
    CHECK(lost.outcome() == "");
}

TEST_CASE("redirects are followed, and not for ever") {
    Urls moved{{301, {{"Location", "/moved/fox.png"}}, {}}};
    CHECK(says(moved.outcome(), "the server calls it video/mp4"));
    Urls endless{{301, {{"Location", "https://cdn.example/fox.png"}}, {}}};
    CHECK(endless.outcome() == "");
    CHECK(endless.asked.size() == 1 + 6);
}

TEST_CASE("URLs of this machine and its network are refused without asking anybody") {
    for (const auto* image : {"https://127.0.0.1/fox.png", "https://localhost/fox.png", "http://127.0.0.1:9/fox.png", "https://10.1.2.3/fox.png",
                              "https://[::1]/fox.png", "https://[::ffff:192.168.0.1]/fox.png", "https://169.254.169.254/fox.png"}) {
        CAPTURE(image);
        Urls world;
        CHECK(says(world.outcome(image), "which is no address of the public Internet; expected a URL that the provider can fetch from the Internet"));
        CHECK(world.asked.size() <= 1);
    }
}

TEST_CASE("a server that does not answer holds up its own drop for half a minute at most, and no other") {
    Urls world;
    world.provider.fault = [](const Call& call) { return call.about.starts_with("/slow") ? Fault::silence : Fault::none; };
    world.start();
    std::string slow = "version: 1\njobs:\n";
    for (int n = 0; n < 100; ++n)
        slow += "  - {id: j" + std::to_string(n) + ", image: \"https://s.example/slow" + std::to_string(n) + "\", motion: \"" + good_motion +
                "\", seconds: 5, prompt: p}\n";
    world.drop("a-slow", slow, {});
    world.drop("b-urls", manifest_with("https://cdn.example/fox.png", good_motion), {});
    world.drop("c-files", 1);
    REQUIRE(world.run_until(1s, [&] { return fs::exists(world.spool("accepted/c-files")); }));
    CHECK_FALSE(fs::exists(world.spool("accepted/a-slow")));
    REQUIRE(world.run_until(45s, [&] { return fs::exists(world.spool("accepted/a-slow")) && fs::exists(world.spool("accepted/b-urls")); }));
}

TEST_CASE("a drop that was claimed when the process died has its URLs asked about again, and is recorded once") {
    Urls world;
    bool died = false;
    world.dies_at_commit = [&](std::size_t, bool after) {
        const bool now = !died && !after && !world.asked.empty();
        died = died || now;
        return now;
    };
    CHECK(world.outcome() == "");
    CHECK(died);
    CHECK(world.lives == 2);
    CHECK(world.asked.size() == 4);
    CHECK(world.provider.tasks.size() == 1);
}

}  // namespace motionspool::test
