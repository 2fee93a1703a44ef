#include "http/head.hpp"
#include <doctest/doctest.h>

namespace motionspool::http {
namespace {

const Origin kie{true, "api.kie.ai", 443};

TEST_CASE("a request's head carries what the client is responsible for") {
    const Request request{
        .method = "POST", .target = "/api/v1?x=1", .headers = {{"Authorization", "Bearer k"}, {"content-length", "99"}, {"HOST", "evil"}}, .body = "{}"};
    CHECK(to_head(request, kie, "motionspool/1", false) ==
          "POST /api/v1?x=1 HTTP/1.1\r\nHost: api.kie.ai\r\nUser-Agent: motionspool/1\r\nAuthorization: Bearer k\r\nAccept-Encoding: identity\r\n"
          "Content-Length: 2\r\nConnection: close\r\n\r\n");
}

TEST_CASE("a GET has no Content-Length, an empty POST has 0") {
    CHECK(to_head(Request{}, Origin{false, "::1", 8379}, "a", true) ==
          "GET / HTTP/1.1\r\nHost: [::1]:8379\r\nUser-Agent: a\r\nAccept-Encoding: identity\r\n\r\n");
    CHECK(to_head(Request{.method = "POST"}, kie, "a", true).find("Content-Length: 0\r\n") != std::string::npos);
}

TEST_CASE("the caller's own Accept-Encoding is kept") {
    const auto head = to_head(Request{.headers = {{"accept-encoding", "gzip"}}}, kie, "a", true);
    CHECK(head.find("accept-encoding: gzip\r\n") != std::string::npos);
    CHECK(head.find("identity") == std::string::npos);
}

TEST_CASE("nothing that would change the meaning of a head is sent") {
    CHECK_FALSE(head_problem(Request{.headers = {{"X", "a b\tc \xc3\xa4"}}}).has_value());
    CHECK(head_problem(Request{.method = "GET /"}).has_value());
    CHECK(head_problem(Request{.method = ""}).has_value());
    CHECK(head_problem(Request{.target = "/a b"}).has_value());
    CHECK(head_problem(Request{.target = "/\r\nX: y"}).has_value());
    CHECK(head_problem(Request{.target = ""}).has_value());
    CHECK(head_problem(Request{.headers = {{"X", "a\r\nY: b"}}}).has_value());
    CHECK(head_problem(Request{.headers = {{"X", std::string{"a\0b", 3}}}}).has_value());
    CHECK(head_problem(Request{.headers = {{"X y", "a"}}}).has_value());
    CHECK(head_problem(Request{.headers = {{"", "a"}}}).has_value());
    CHECK(head_problem(100, {}).has_value());
    CHECK(head_problem(200, {{"X", "a\nb"}}).has_value());
    CHECK_FALSE(head_problem(429, {{"Retry-After", "3"}}).has_value());
}

TEST_CASE("an answer's head has a length unless its status allows no body") {
    CHECK(to_head(404, {{"X", "1"}, {"Connection", "upgrade"}}, 12, false) ==
          "HTTP/1.1 404 Not Found\r\nX: 1\r\nContent-Length: 12\r\nConnection: close\r\n\r\n");
    CHECK(to_head(304, {}, 12, true) == "HTTP/1.1 304 Not Modified\r\nConnection: keep-alive\r\n\r\n");
    CHECK(to_head(299, {}, 0, true).starts_with("HTTP/1.1 299 Unknown\r\n"));
}

TEST_CASE("a file's length counts with the texts around it") { CHECK(length_of(FileBody{.before = "ab", .size = 1000, .after = "c"}) == 1003); }

}  // namespace
}  // namespace motionspool::http
