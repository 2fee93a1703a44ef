#include "http/request_reader.hpp"
#include <doctest/doctest.h>

namespace motionspool::http {
namespace {

constexpr std::size_t head_limit = 200;
constexpr std::uint64_t body_limit = 10;

std::string verdict(std::string_view bytes, std::size_t step) {
    RequestReader reader{head_limit, body_limit};
    std::string waiting;
    while (!bytes.empty() && reader.stage() != RequestReader::Stage::done && reader.stage() != RequestReader::Stage::refused) {
        waiting += bytes.substr(0, step);
        bytes.remove_prefix(std::min(step, bytes.size()));
        std::size_t used = 0;
        do {
            used = reader.feed(waiting);
            waiting.erase(0, used);
        } while (used > 0 && !waiting.empty());
    }
    switch (reader.stage()) {
        case RequestReader::Stage::head: return "head unfinished";
        case RequestReader::Stage::body: return "body unfinished";
        case RequestReader::Stage::refused: return std::to_string(reader.refusal().status);
        case RequestReader::Stage::done: break;
    }
    auto& request = reader.request();
    return request.method + " " + request.target + (reader.keep_alive() ? " keep " : " close ") + std::get<std::string>(request.body);
}

struct Row {
    std::string bytes;
    std::string verdict;
};

void check(const std::vector<Row>& table) {
    for (const auto& row : table) {
        for (const std::size_t step : {1u, 3u, 1000u}) {
            CAPTURE(row.bytes);
            CAPTURE(step);
            CHECK(verdict(row.bytes, step) == row.verdict);
        }
    }
}

TEST_CASE("requests are read the same however their bytes arrive") {
    check({
        {"GET / HTTP/1.1\r\nHost: h\r\n\r\n", "GET / keep "},
        {"GET /a?b HTTP/1.1\r\nhost:h\r\nConnection: close\r\n\r\n", "GET /a?b close "},
        {"GET / HTTP/1.0\r\nHost: h\r\n\r\n", "GET / close "},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "POST / keep hello"},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n", "POST / keep "},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\nHost: x\r\n\r\n", "POST / keep hello"},
        {"GET / HTTP/1.1\r\nHost: h\r\n", "head unfinished"},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhell", "body unfinished"},
    });
}

TEST_CASE("whatever two readers could understand differently is refused") {
    check({
        {"GET / HTTP/1.1\r\n\r\n", "400"},
        {"GET / HTTP/1.0\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n folded\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\tfolded\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\n Host: a\r\nHost: a\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nHost : a\r\n\r\n", "400"},
        {"GET / HTTP/1.1\nHost: a\n\n", "400"},
        {"GET / HTTP/1.1\r\nHost: a\nX: 1\r\n\r\n", "400"},
        {std::string{"GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n", 34}, "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: gzip\r\n\r\nhello", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\nhello", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", "400"},
        {"POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "400"},
        {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", "505"},
        {"GET /\r\n\r\n", "400"},
        {"GET / a HTTP/1.1\r\nHost: a\r\n\r\n", "505"},
        {"\r\n\r\n", "400"},
        {"\x16\x03\x01\x02", "400"},
    });
}

TEST_CASE("a head or a chunked body over its limit is refused") {
    check({
        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(175, 'x'), "431"},
        {"GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(180, 'x') + "\r\n\r\n", "431"},
        {"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\nworld!\r\n0\r\n\r\n", "413"},
        {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\nhello world", "413"},
    });
}

TEST_CASE("a length over the limit, and a wish to be told to go on, are known from the head") {
    RequestReader reader{head_limit, body_limit};
    const std::string_view head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-Continue\r\n\r\n";
    CHECK(reader.feed(head) == head.size());
    CHECK(reader.stage() == RequestReader::Stage::body);
    CHECK(reader.body_too_long());
    CHECK(reader.expects_continue());
    CHECK(find(reader.request().headers, "Host") == "h");
}

TEST_CASE("the next request's bytes are left alone") {
    RequestReader reader{head_limit, body_limit};
    const std::string_view two = "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n";
    CHECK(reader.feed(two) == two.size() / 2);
    CHECK(reader.stage() == RequestReader::Stage::done);
    CHECK(reader.feed(two) == 0);
}

}  // namespace
}  // namespace motionspool::http
