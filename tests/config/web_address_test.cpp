#include "config/web_address.hpp"
#include <doctest/doctest.h>

using namespace motionspool::config;

TEST_CASE("a web address is taken apart") {
    const auto address = parse_web_address("HTTPS://CDN.Example:8443/a/b.png?x=1#t");
    REQUIRE(address.has_value());
    CHECK(address->tls);
    CHECK(address->host == "cdn.example");
    CHECK(address->path == "/a/b.png?x=1#t");
    CHECK(parse_web_address("https://[2001:db8::1]/")->host == "2001:db8::1");
    CHECK(parse_web_address("https://a.example")->path.empty());
    CHECK(parse_web_address("https://a.example?x")->path == "?x");
}

TEST_CASE("plain http is for loopback hosts only") {
    for (const auto* text : {"http://127.0.0.1", "http://127.1.2.3:80/x", "http://localhost:8080/", "http://[::1]:1/"}) {
        CAPTURE(text);
        REQUIRE(parse_web_address(text).has_value());
        CHECK_FALSE(parse_web_address(text)->tls);
    }
    for (const auto* text : {"http://a.example", "http://127.0.0.1.evil.example", "http://localhost.evil.example", "http://127.1", "http://127.0.0.256",
                             "http://0.0.0.0", "http://[::2]", "http://10.0.0.1", "http://localhost@evil.example", "http://127.0.0.1.5"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_web_address(text).has_value());
    }
}

TEST_CASE("what is no good web address is refused") {
    for (const auto* text : {"",
                             "a.example",
                             "https:/a.example",
                             "//a.example",
                             "ftp://a.example",
                             "file:///etc/passwd",
                             "https://",
                             "https:///x",
                             "https://a..example/",
                             "https://.a/",
                             "https://-a/",
                             "https://a b/",
                             "https://a/ b",
                             "https://a/\xC3\xA9",
                             "https://a/%",
                             "https://a/%4",
                             "https://a/%4g",
                             "https://a/<x>",
                             "https://a/\"",
                             "https://a:0/",
                             "https://a:65536/",
                             "https://a:-1/",
                             "https://a:x/",
                             "https://a:/",
                             "https://[::1/",
                             "https://[x]/",
                             "https://[::1]x/",
                             "https://u@a/",
                             "https://u:p@a/",
                             "https://a\\b/",
                             "https://a/{x}"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_web_address(text).has_value());
    }
}

TEST_CASE("hosts and listening addresses are told by their form") {
    for (const auto* text : {"kie.ai", "localhost", "127.0.0.1", "::1", "a-b.c_d"}) CHECK(is_host(text));
    for (const auto* text : {"", "a b", "*.kie.ai", "https://kie.ai", "kie.ai:80", "-a", ".a", "a..b"}) CHECK_FALSE(is_host(text));
    for (const auto* text : {"127.0.0.1:8377", "[::1]:0", "localhost:65535"}) CHECK(is_host_and_port(text));
    for (const auto* text : {"", "127.0.0.1", ":80", "127.0.0.1:", "127.0.0.1:65536", "::1:80", "[::1]", "a:b", "a:-1", "a:1:2"})
        CHECK_FALSE(is_host_and_port(text));
}
