#include "http/address.hpp"
#include <doctest/doctest.h>

namespace motionspool::http {
namespace {

TEST_CASE("addresses of public hosts are globally routable") {
    for (const char* text :
         {"1.1.1.1",       "8.8.8.8",         "9.255.255.255",   "11.0.0.0",        "100.63.255.255",  "100.128.0.0",       "126.255.255.255",
          "128.0.0.0",     "169.253.255.255", "169.255.0.0",     "172.15.255.255",  "172.32.0.0",      "192.0.1.0",         "192.0.3.0",
          "192.88.98.255", "192.88.100.0",    "192.167.255.255", "192.169.0.0",     "198.17.255.255",  "198.20.0.0",        "198.51.99.255",
          "198.51.101.0",  "203.0.112.255",   "203.0.114.0",     "223.255.255.255", "2606:4700::1111", "2a00:1450:4001::1", "2001:200::1",
          "2001:db7::1",   "2001:db9::1",     "3ffe::1",         "::ffff:8.8.8.8",  "2002:808:808::1", "64:ff9b::808:808"}) {
        CAPTURE(text);
        CHECK(is_globally_routable(asio::ip::make_address(text)));
    }
}

TEST_CASE("addresses with a special purpose are not globally routable") {
    for (const char* text : {"0.0.0.0",         "0.255.255.255", "10.0.0.0",        "10.255.255.255",  "100.64.0.0",     "100.127.255.255", "127.0.0.1",
                             "127.255.255.255", "169.254.0.0",   "169.254.169.254", "172.16.0.0",      "172.31.255.255", "192.0.0.0",       "192.0.0.170",
                             "192.0.2.1",       "192.88.99.1",   "192.168.0.0",     "192.168.255.255", "198.18.0.0",     "198.19.255.255",  "198.51.100.7",
                             "203.0.113.255",   "224.0.0.1",     "239.255.255.255", "240.0.0.0",       "255.255.255.255"}) {
        CAPTURE(text);
        CHECK_FALSE(is_globally_routable(asio::ip::make_address(text)));
    }
}

TEST_CASE("IPv6 addresses with a special purpose, or with such an IPv4 address inside, are not globally routable") {
    for (const char* text : {"::",
                             "::1",
                             "::8.8.8.8",
                             "::ffff:127.0.0.1",
                             "::ffff:10.1.2.3",
                             "::ffff:169.254.169.254",
                             "2002:7f00:1::1",
                             "2002:a00:1::",
                             "2002:c0a8:1::1",
                             "64:ff9b::7f00:1",
                             "64:ff9b::a9fe:a9fe",
                             "64:ff9b:1::808:808",
                             "100::1",
                             "2001::1",
                             "2001:0:4136:e378::1",
                             "2001:2::1",
                             "2001:10::1",
                             "2001:20::1",
                             "2001:1ff:ffff::1",
                             "2001:db8::1",
                             "3fff::1",
                             "3fff:fff::1",
                             "4000::1",
                             "5f00::1",
                             "fc00::1",
                             "fd12:3456::1",
                             "fe80::1",
                             "fe80::1%1",
                             "fec0::1",
                             "ff02::1",
                             "ff0e::1"}) {
        CAPTURE(text);
        CHECK_FALSE(is_globally_routable(asio::ip::make_address(text)));
    }
}

TEST_CASE("only complete numbers are numeric addresses") {
    CHECK(numeric_address("127.0.0.1").has_value());
    CHECK(numeric_address("::1").has_value());
    for (const char* text : {"", "localhost", "127.1", "127.0.0.1 ", "256.0.0.1", "[::1]", "0x7f000001"}) {
        CAPTURE(text);
        CHECK_FALSE(numeric_address(text).has_value());
    }
}

}  // namespace
}  // namespace motionspool::http
