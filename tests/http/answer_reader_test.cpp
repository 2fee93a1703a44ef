#include "http/answer_reader.hpp"
#include <doctest/doctest.h>

namespace motionspool::http {
namespace {

struct Collector final : Sink {
    bool wanted = true;
    std::uint64_t capacity = 1u << 20;
    int begun = 0;
    std::string taken;
    bool begin(const Response&) override {
        begun++;
        return wanted;
    }
    bool write(std::span<const char> piece) override {
        taken.append(piece.data(), piece.size());
        return taken.size() <= capacity;
    }
};

/// Offers the bytes in pieces of `step`, as a connection would.
void play(AnswerReader& reader, std::string_view bytes, std::size_t step) {
    std::string waiting;
    while (!bytes.empty() && !reader.done() && !reader.problem()) {
        waiting += bytes.substr(0, step);
        bytes.remove_prefix(std::min(step, bytes.size()));
        waiting.erase(0, reader.feed(waiting));
    }
}

std::string verdict(std::string_view bytes, std::size_t step, bool to_head = false, std::uint64_t limit = 100) {
    AnswerReader reader{to_head, limit, nullptr};
    play(reader, bytes, step);
    if (reader.problem()) return "problem: " + *reader.problem();
    if (!reader.done()) return "unfinished";
    const bool keep_alive = reader.keep_alive();
    const Response answer = reader.take();
    return std::to_string(answer.status) + (keep_alive ? " keep " : " close ") + answer.body;
}

TEST_CASE("answers are read the same however their bytes arrive") {
    struct Row {
        std::string bytes;
        std::string verdict;
    };
    const std::vector<Row> table{
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 keep hello"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "200 keep "},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", "200 close hello"},
        {"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello", "200 close hello"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nTrailer: 1\r\n\r\n", "200 keep hello"},
        {"HTTP/1.1 204 No Content\r\n\r\n", "204 keep "},
        {"HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", "304 keep "},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "200 keep ok"},
        {"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", "404 keep no"},
        {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "unfinished"},
        {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", "unfinished"},
        {"HTTP/1.1 100 Continue\r\n\r\n", "unfinished"},
        {"HTTP/1.1 200 OK\r\nContent-Le", "unfinished"},
    };
    for (const auto& row : table) {
        for (const std::size_t step : {1u, 2u, 7u, 1000u}) {
            CAPTURE(row.bytes);
            CAPTURE(step);
            CHECK(verdict(row.bytes, step) == row.verdict);
        }
    }
}

TEST_CASE("what is no answer, or one whose end cannot be told, is a problem") {
    for (const char* bytes : {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nhello",
                              "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nxx",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nxx\r\n0\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\nxx",
                              "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nxxx", "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                              "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                              "HTTP/1.1 200 OK\r\nbad header\r\n\r\n"}) {
        for (const std::size_t step : {1u, 1000u}) {
            CAPTURE(bytes);
            CHECK(verdict(bytes, step).starts_with("problem: "));
        }
    }
}

TEST_CASE("an answer to HEAD has no body, whatever its head says") {
    CHECK(verdict("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n", 1000, true) == "200 keep ");
    CHECK(verdict("HTTP/1.1 200 OK\r\n\r\n", 1000, true) == "200 keep ");
}

TEST_CASE("a body may be as long as the limit, and not a byte longer") {
    CHECK(verdict("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 3, false, 5) == "200 keep hello");
    CHECK(verdict("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", 1000, false, 4) == "problem: the answer is longer than the 4 bytes it may have");
    CHECK(verdict("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", 1000, false, 4).starts_with("problem: the answer is longer"));
}

TEST_CASE("a sink takes the body as it arrives, without a limit") {
    Collector sink;
    AnswerReader reader{false, 2, &sink};
    play(reader, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", 4);
    CHECK(sink.begun == 1);
    CHECK(sink.taken == "hel");
    CHECK(reader.status() == 200);
    play(reader, "lo", 1);
    REQUIRE(reader.done());
    CHECK(sink.taken == "hello");
    CHECK(reader.take().body.empty());
}

TEST_CASE("a sink that does not want an error page leaves it to the answer") {
    Collector sink;
    sink.wanted = false;
    AnswerReader reader{false, 100, &sink};
    play(reader, "HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno", 1);
    REQUIRE(reader.done());
    CHECK(sink.taken.empty());
    CHECK(reader.take().body == "no");
}

TEST_CASE("a sink that gives up ends the answer") {
    Collector sink;
    sink.capacity = 3;
    AnswerReader reader{false, 100, &sink};
    play(reader, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 1000);
    CHECK(reader.problem() == "refused by the receiver");
}

}  // namespace
}  // namespace motionspool::http
