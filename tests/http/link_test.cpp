#include "http/link.hpp"
#include <doctest/doctest.h>

namespace motionspool::http {
namespace {

const Url here{{true, "api.kie.ai", 443}, "/files/2026/a.mp4?token=1"};

TEST_CASE("links are read as browsers read them") {
    struct Row {
        std::string link, url;
    };
    const std::vector<Row> table{
        {"https://cdn.example/x.mp4", "https://cdn.example/x.mp4"},
        {"  https://cdn.example/x.mp4\r\n", "https://cdn.example/x.mp4"},
        {"https://cdn.example/x\n.mp4", "https://cdn.example/x.mp4"},
        {"//cdn.example/x.mp4?a=b", "https://cdn.example/x.mp4?a=b"},
        {"/x.mp4", "https://api.kie.ai/x.mp4"},
        {"x.mp4", "https://api.kie.ai/files/2026/x.mp4"},
        {"./x.mp4", "https://api.kie.ai/files/2026/x.mp4"},
        {"../x.mp4", "https://api.kie.ai/files/x.mp4"},
        {"../../../../x.mp4", "https://api.kie.ai/x.mp4"},
        {"?token=2", "https://api.kie.ai/files/2026/a.mp4?token=2"},
        {"", "https://api.kie.ai/files/2026/a.mp4?token=1"},
        {"cdn.example/x.mp4", "https://api.kie.ai/files/2026/cdn.example/x.mp4"},
        {"https://cdn.example/a fox.mp4", "https://cdn.example/a%20fox.mp4"},
        {"https://cdn.example/\xc3\xbc|\"<>^`{}\\.mp4?q=\xc3\xbc [1]", "https://cdn.example/%C3%BC%7C%22%3C%3E%5E%60%7B%7D%5C.mp4?q=%C3%BC%20%5B1%5D"},
        {"https://cdn.example/a%20b%zz%2", "https://cdn.example/a%20b%25zz%252"},
        {"https://cdn.example/x.mp4#t=1", "https://cdn.example/x.mp4"},
        {"https://cdn.example/x.mp4#a#b", "https://cdn.example/x.mp4"},
        {"https://cdn.example?sig=a/b+c==&e=1", "https://cdn.example/?sig=a/b+c==&e=1"},
        {"HTTPS://CDN.example/X", "https://cdn.example/X"},
        {"https://cdn.example/a//b/../c.mp4", "https://cdn.example/a//b/../c.mp4"},
        {"a:b/x.mp4", ""},
        {"http://cdn.example/x", "http://cdn.example/x"},
        {"/a:b//c", "https://api.kie.ai/a:b//c"},
    };
    for (const auto& row : table) {
        CAPTURE(row.link);
        const auto url = resolve_link(here, row.link);
        if (!url) CAPTURE(url.problem().text);
        CHECK((url ? to_string(*url) : "") == row.url);
    }
}

TEST_CASE("what names no host that may be connected to stays a problem, however it is written") {
    for (const std::string link : {"https://",
                                   "https:///x",
                                   "https://user@cdn.example/x",
                                   "https://user:pw@cdn.example/",
                                   "//user@cdn.example/",
                                   "https://cdn.example:0/",
                                   "https://127.1/",
                                   "//0x7f.1/x",
                                   "https://2130706433/",
                                   "//017700000001/",
                                   "https://[::1/",
                                   "https://[v1.a]/",
                                   "https:\\\\cdn.example\\x",
                                   "https://cdn.example:443x/",
                                   "//cdn.example:443x/",
                                   "https://cdn example/",
                                   "https://cdn.example\\@10.0.0.1/",
                                   "https://b\xc3\xbc"
                                   "cher.example/",
                                   "javascript:alert(1)",
                                   "file:///etc/passwd",
                                   "ftp://cdn.example/x",
                                   "data:video/mp4;base64,AAAA",
                                   "https:x",
                                   "///x.mp4",
                                   "https://%00/",
                                   "//%2f/",
                                   "https://cdn.example%20/"}) {
        CAPTURE(link);
        const auto url = resolve_link(here, link);
        CHECK_FALSE(url.has_value());
    }
}

}  // namespace
}  // namespace motionspool::http
