#include <doctest/doctest.h>
#include "http/message.hpp"

namespace motionspool::http {
namespace {

struct Readable {
    std::string text;
    Url url;
};

TEST_CASE("URLs are read into their parts") {
    const std::vector<Readable> table{
        {"https://api.kie.ai", {{true, "api.kie.ai", 443}, "/"}},
        {"https://api.kie.ai/", {{true, "api.kie.ai", 443}, "/"}},
        {"HTTPS://API.Kie.AI/Path", {{true, "api.kie.ai", 443}, "/Path"}},
        {"http://127.0.0.1:8379/api/v1?a=b&c=%20", {{false, "127.0.0.1", 8379}, "/api/v1?a=b&c=%20"}},
        {"https://example.com?q", {{true, "example.com", 443}, "/?q"}},
        {"https://example.com/a?#part", {{true, "example.com", 443}, "/a?"}},
        {"https://example.com:/a", {{true, "example.com", 443}, "/a"}},
        {"http://[::1]:8080/x", {{false, "::1", 8080}, "/x"}},
        {"http://[2001:DB8:0::1]/", {{false, "2001:db8::1", 80}, "/"}},
        {"https://a_b-c.example/", {{true, "a_b-c.example", 443}, "/"}},
        {"https://ex%61mple.com/", {{true, "example.com", 443}, "/"}},
    };
    for (const auto& row : table) {
        CAPTURE(row.text);
        const auto url = parse_url(row.text);
        REQUIRE(url.has_value());
        CHECK(to_string(*url) == to_string(row.url));
        CHECK(url->origin == row.url.origin);
        CHECK(url->target == row.url.target);
    }
}

TEST_CASE("what is no absolute http or https URL of a host is refused, and the sentence says why") {
    struct Row {
        std::string text;
        std::string part;
    };
    const std::vector<Row> table{
        {"", "not an absolute URL"},
        {"api.kie.ai", "not an absolute URL"},
        {"/path", "not an absolute URL"},
        {"//host/path", "not an absolute URL"},
        {"https://exa mple.com/", "not an absolute URL"},
        {"https://example.com/\r\nX: y", "not an absolute URL"},
        {"https://example.com/\xc3\xa4", "not an absolute URL"},
        {"https://[::1/", "not an absolute URL"},
        {"ftp://example.com/", "does not begin with https:// or http://"},
        {"file:///etc/passwd", "does not begin with"},
        {"https://", "names no host"},
        {"https:///path", "names no host"},
        {"https:path", "names no host"},
        {"https://%00/", "names no host"},
        {"https://a%2fb/", "names no host"},
        {"https://127.1/", "names no host"},
        {"https://2130706433/", "names no host"},
        {"https://0x7f.0.0.0x1/", "names no host"},
        {"https://[v1.a]/", "names no host"},
        {"https://.example.com/", "names no host"},
        {"https://example.com:0/", "port"},
        {"https://example.com:65536/", "port"},
        {"https://example.com:443x/", "no port"},
        {"https://[::1]x/", ""},
        {"https://[::1]evil.example/", ""},
        {"https://example.com:80:90/", ""},
    };
    for (const auto& row : table) {
        CAPTURE(row.text);
        const auto url = parse_url(row.text);
        REQUIRE_FALSE(url.has_value());
        CHECK(url.problem().text.find(row.part) != std::string::npos);
    }
}

TEST_CASE("a password in a URL is refused and not repeated") {
    for (const char* text :
         {"https://user:s3cret@example.com/", "https://s3cret@example.com/", "ftp://user:s3cret@example.com/", "https://user:s3cret@exa mple/"}) {
        const auto url = parse_url(text);
        REQUIRE_FALSE(url.has_value());
        CHECK(url.problem().text.find("s3cret") == std::string::npos);
    }
}

TEST_CASE("an origin is printed with its port only where that is not the scheme's own") {
    CHECK(to_string(Origin{true, "api.kie.ai", 443}) == "https://api.kie.ai");
    CHECK(to_string(Origin{true, "api.kie.ai", 80}) == "https://api.kie.ai:80");
    CHECK(to_string(Origin{false, "127.0.0.1", 80}) == "http://127.0.0.1");
    CHECK(to_string(Origin{false, "::1", 8379}) == "http://[::1]:8379");
    CHECK(authority(Origin{false, "::1", 80}) == "[::1]");
}

TEST_CASE("loopback origins are known without a lookup") {
    for (const char* host : {"localhost", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
        CAPTURE(host);
        CHECK(is_loopback(Origin{false, host, 80}));
    }
    for (const char* host : {"localhost.example.com", "128.0.0.1", "::2", "0.0.0.0", "api.kie.ai", "127.1"}) {
        CAPTURE(host);
        CHECK_FALSE(is_loopback(Origin{false, host, 80}));
    }
}

TEST_CASE("the first header of a name is found, whatever its case") {
    const Headers headers{{"Content-Type", "text/plain"}, {"X", "1"}, {"x", "2"}};
    CHECK(find(headers, "content-TYPE") == "text/plain");
    CHECK(find(headers, "x") == "1");
    CHECK_FALSE(find(headers, "Content").has_value());
}

}  // namespace
}  // namespace motionspool::http
