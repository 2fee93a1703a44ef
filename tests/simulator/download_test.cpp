#include "desk.hpp"
#include "simulator/builtin_clip.hpp"
#include "simulator/slice.hpp"

using namespace motionspool;
using namespace motionspool::simulator;

namespace {
/// A desk with one finished task.
struct Finished : Desk {
    explicit Finished(std::string_view prompt = "p", Options options = quiet()) : Desk{std::move(options)}, id{task(prompt)}, path{"/r/" + id + ".mp4"} {
        later(milliseconds{1000});
    }
    Planned range(const std::string& bytes, const std::string& if_range = "") {
        auto made = request("GET", path);
        made.headers.push_back({"Range", bytes});
        if (!if_range.empty()) made.headers.push_back({"If-Range", if_range});
        return send(made);
    }
    std::string fresh(const std::string& url) {
        const auto answer = object(post("/api/v1/common/download-url", R"({"url":")" + url + "\"}"));
        return answer.at("code") == 200 ? std::string{answer.at("data").as_string()} : json::serialize(answer.at("code"));
    }
    std::string id, path;
};
std::string target_of(const std::string& url) { return url.substr(std::string_view{"http://127.0.0.1:8080"}.size()); }
Slice slice(const char* range) { return slice_for({{"Range", range}}, 100, "\"e\""); }
}  // namespace

TEST_CASE("one range of bytes is served, everything else gets the whole or is beyond the end") {
    CHECK(slice("bytes=0-") == Slice{206, 0, 100});
    CHECK(slice("bytes=10-19") == Slice{206, 10, 10});
    CHECK(slice("bytes=90-500") == Slice{206, 90, 10});
    CHECK(slice("bytes=-5") == Slice{206, 95, 5});
    CHECK(slice("bytes=-500") == Slice{206, 0, 100});
    CHECK(slice("bytes=100-") == Slice{416, 0, 0});
    CHECK(slice("bytes=-0") == Slice{416, 0, 0});
    for (const auto* whole : {"bytes=", "bytes=-", "bytes=x-", "bytes=5-x", "bytes=9-8", "bytes=0-1,5-6", "lines=1-2"})
        CHECK(slice(whole) == Slice{200, 0, 100});
    CHECK(slice_for({}, 100, "\"e\"") == Slice{200, 0, 100});
    CHECK(slice_for({{"Range", "bytes=10-"}, {"If-Range", "\"e\""}}, 100, "\"e\"") == Slice{206, 10, 90});
    CHECK(slice_for({{"Range", "bytes=10-"}, {"If-Range", "\"old\""}}, 100, "\"e\"") == Slice{200, 0, 100});
}

TEST_CASE("a result is there when its task has succeeded, with type and ETag") {
    Desk early;
    const auto task = early.task();
    CHECK(early.fetch("/r/" + task + ".mp4").reply.status == 404);
    Finished desk;
    const auto whole = desk.fetch(desk.path);
    CHECK(whole.reply.status == 200);
    CHECK(Desk::text(whole) == builtin_clip());
    CHECK(Desk::header(whole, "Content-Type") == "video/mp4");
    const auto etag = Desk::header(whole, "ETag");
    CHECK(etag.size() == 34);
    const auto rest = desk.range("bytes=1000-", etag);
    CHECK(rest.reply.status == 206);
    CHECK(Desk::text(rest) == builtin_clip().substr(1000));
    const auto size = std::to_string(builtin_clip().size());
    CHECK(Desk::header(rest, "Content-Range") == "bytes 1000-" + std::to_string(builtin_clip().size() - 1) + "/" + size);
    const auto beyond = desk.range("bytes=" + size + "-");
    CHECK(beyond.reply.status == 416);
    CHECK(Desk::header(beyond, "Content-Range") == "bytes */" + size);
    CHECK(desk.fetch("/r/nobody.mp4").reply.status == 404);
    CHECK(desk.fetch("/r/" + desk.id).reply.status == 404);
    CHECK(desk.state().at("downloads_with_key") == 3);
}

TEST_CASE("links end, fresh ones can be had, and those end, too") {
    auto options = Desk::quiet();
    options.link_ttl = milliseconds{5000};
    Finished desk{"p", options};
    desk.later(milliseconds{4999});
    CHECK(desk.fetch(desk.path).reply.status == 200);
    desk.later(milliseconds{1});
    CHECK(desk.fetch(desk.path).reply.status == 403);
    const auto link = target_of(desk.fresh("http://127.0.0.1:8080" + desk.path));
    CHECK(desk.fetch(link).reply.status == 200);
    CHECK(desk.fetch(desk.path + "?fresh=guessed").reply.status == 403);
    desk.later(std::chrono::minutes{20});
    CHECK(desk.fetch(link).reply.status == 403);
}

TEST_CASE("a URL from elsewhere gets no fresh link") {
    Finished desk;
    for (const auto* url : {"https://elsewhere.example/r/x.mp4", "http://127.0.0.1:8080/r/nobody.mp4", "nonsense", ""}) CHECK(desk.fresh(url) == "422");
    CHECK(desk.fresh("http://127.0.0.1:9999" + desk.path) == "422");
    CHECK(desk.fresh("http://localhost:8080" + desk.path).starts_with("http://127.0.0.1:8080/r/"));
    CHECK(Desk::object(desk.post("/api/v1/common/download-url", "[]")).at("code") == 422);
}

TEST_CASE("the fault expired-link lasts until a fresh link is asked for") {
    Finished desk{"[sim:expired-link]"};
    CHECK(desk.fetch(desk.path).reply.status == 403);
    CHECK(desk.fetch(target_of(desk.fresh("http://127.0.0.1:8080" + desk.path))).reply.status == 200);
}

TEST_CASE("cut-download cuts half-way, and serves the next request") {
    Finished desk{"[sim:cut-download*1]"};
    CHECK(desk.fetch(desk.path).reply.cut_body_after == builtin_clip().size() / 2);
    const auto rest = desk.range("bytes=1900-");
    CHECK(rest.reply.status == 206);
    CHECK_FALSE(rest.reply.cut_body_after.has_value());

    Finished by_rate{"p", Desk::with("cut-download=1")};
    CHECK(by_rate.fetch(by_rate.path).reply.cut_body_after.has_value());
    CHECK_FALSE(by_rate.fetch(by_rate.path).reply.cut_body_after.has_value());
    CHECK(by_rate.fetch(by_rate.path).reply.cut_body_after.has_value());
}

TEST_CASE("always-cut-download never ends, and short-download keeps the last byte back") {
    Finished cut{"[sim:always-cut-download]"};
    CHECK(cut.fetch(cut.path).reply.cut_body_after == builtin_clip().size() / 2);
    CHECK(cut.range("bytes=-10").reply.cut_body_after == 5);
    CHECK(cut.range("bytes=-1").reply.cut_body_after == 0);
    Finished shorter{"[sim:short-download]"};
    CHECK(shorter.fetch(shorter.path).reply.cut_body_after == builtin_clip().size() - 1);
}

TEST_CASE("results can be corrupt, empty, a page, an error, or deaf to Range") {
    Finished corrupt{"[sim:corrupt-download]"};
    const auto bytes = Desk::text(corrupt.fetch(corrupt.path));
    CHECK(bytes.size() == builtin_clip().size());
    CHECK(bytes.starts_with("corrupted-on-purpose-"));
    CHECK(bytes.substr(64) == builtin_clip().substr(64));
    Finished empty{"[sim:empty-download]"};
    CHECK(Desk::text(empty.fetch(empty.path)).empty());
    CHECK(empty.fetch(empty.path).reply.status == 200);
    Finished page{"[sim:html-download]"};
    CHECK(Desk::header(page.fetch(page.path), "Content-Type").starts_with("text/html"));
    CHECK(page.fetch(page.path).reply.status == 200);
    Finished error{"[sim:download-500]"};
    CHECK(error.fetch(error.path).reply.status == 500);
    Finished deaf{"[sim:ignore-range]"};
    const auto whole = deaf.range("bytes=5-");
    CHECK(whole.reply.status == 200);
    CHECK(Desk::text(whole) == builtin_clip());
}

TEST_CASE("redirects lead to another path here, to a forbidden host, or nowhere") {
    Finished moved{"[sim:redirect-download]"};
    const auto first = moved.fetch(moved.path);
    CHECK(first.reply.status == 302);
    CHECK(Desk::header(first, "Location") == "http://127.0.0.1:8080/r/moved/" + moved.id + ".mp4");
    CHECK(Desk::text(moved.fetch("/r/moved/" + moved.id + ".mp4")) == builtin_clip());
    Finished foreign{"[sim:redirect-foreign]"};
    CHECK(Desk::header(foreign.fetch(foreign.path), "Location").starts_with("http://169.254.169.254/"));
    Finished loop{"[sim:redirect-loop]"};
    CHECK(Desk::header(loop.fetch(loop.path), "Location") == "http://127.0.0.1:8080" + loop.path);
}
