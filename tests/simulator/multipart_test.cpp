#include "simulator/multipart.hpp"
#include <doctest/doctest.h>

using namespace motionspool::simulator;

namespace {
constexpr std::string_view type = "multipart/form-data; boundary=xyz";
std::string problem(std::string_view content_type, std::string_view body) {
    const auto parts = parse_multipart(content_type, body);
    return parts ? "" : parts.problem().text;
}
}  // namespace

TEST_CASE("parts are read with their names, file names, types and exact bytes") {
    const auto parts = parse_multipart(type,
                                       "--xyz\r\nContent-Disposition: form-data; name=\"uploadPath\"\r\n\r\nimages/a\r\n"
                                       "--xyz\r\ncontent-disposition: form-data; filename=\"c.png\"; name=\"file\"\r\nContent-Type: image/png\r\n\r\n"
                                       "\r\n--xy\r\n--xyzzy\r\n\r\n--xyz--\r\n");
    REQUIRE(parts.has_value());
    REQUIRE(parts->size() == 2);
    CHECK((*parts)[0].name == "uploadPath");
    CHECK((*parts)[0].content == "images/a");
    const auto* file = find_part(*parts, "file");
    REQUIRE(file != nullptr);
    CHECK(file->file_name == "c.png");
    CHECK(file->content_type == "image/png");
    CHECK(file->content == "\r\n--xy\r\n--xyzzy\r\n");
    CHECK(find_part(*parts, "fileName") == nullptr);
}

TEST_CASE("the boundary may be quoted, names may be bare or hold escaped quotes and semicolons") {
    const auto parts = parse_multipart("Multipart/Form-Data; charset=utf-8; boundary=\"a b;c\"",
                                       "preamble\r\n--a b;c\r\nContent-Disposition: form-data; name=bare\r\n\r\n1\r\n"
                                       "--a b;c \r\nContent-Disposition: form-data; name=\"a \\\"b\\\"; c\"\r\n\r\n\r\n--a b;c--");
    REQUIRE(parts.has_value());
    REQUIRE(parts->size() == 2);
    CHECK((*parts)[0].name == "bare");
    CHECK((*parts)[1].name == "a \"b\"; c");
    CHECK((*parts)[1].content.empty());
}

TEST_CASE("no parts are no problem") { CHECK(problem(type, "--xyz--\r\n").empty()); }

TEST_CASE("a body that is cut short or malformed is a problem") {
    CHECK(problem("application/json", "{}").find("multipart/form-data") != std::string::npos);
    CHECK(problem("multipart/form-data", "--xyz--").find("boundary") != std::string::npos);
    CHECK(problem(type, "").find("closing boundary") != std::string::npos);
    CHECK(problem(type, "--xyz").find("closing boundary") != std::string::npos);
    CHECK(problem(type, "--xyz\r\nContent-Disposition: form-data; name=a\r\n\r\nbytes").find("closing boundary") != std::string::npos);
    CHECK(problem(type, "--xyz\r\nContent-Disposition: form-data; name=a\r\n--xyz--").find("empty line") != std::string::npos);
    CHECK(problem(type, "--xyz\r\nContent-Type: text/plain\r\n\r\n1\r\n--xyz--").find("no name") != std::string::npos);
}
