#include "kie/files.hpp"
#include <doctest/doctest.h>
#include "answers.hpp"

namespace motionspool::kie {
namespace {
using namespace test;

const std::string sha = "a3f1c0ffee00112233445566778899aabbccddeeff00112233445566778899aa";

TEST_CASE("an upload is one multipart request, named by its content, byte for byte") {
    UploadOrder order;
    order.bytes = 154'832;
    order.sha256 = sha;
    order.format = domain::Format::png;
    std::size_t seen = 0;
    order.seen = [&](std::span<const char> piece) { seen += piece.size(); };
    const auto request = upload("sk-1", std::move(order));
    CHECK(request.method == "POST");
    CHECK(request.target == "/api/file-stream-upload");
    CHECK(lines(request.headers) ==
          "Authorization: Bearer sk-1\nAccept: application/json\nContent-Type: multipart/form-data; boundary=motionspool-a3f1c0ffee00112233445566778899aa\n");
    const auto& body = std::get<http::FileBody>(request.body);
    CHECK(body.before ==
          "--motionspool-a3f1c0ffee00112233445566778899aa\r\n"
          "Content-Disposition: form-data; name=\"uploadPath\"\r\n"
          "\r\n"
          "motionspool\r\n"
          "--motionspool-a3f1c0ffee00112233445566778899aa\r\n"
          "Content-Disposition: form-data; name=\"fileName\"\r\n"
          "\r\n"
          "a3f1c0ffee00112233445566778899aabbccddeeff00112233445566778899aa.png\r\n"
          "--motionspool-a3f1c0ffee00112233445566778899aa\r\n"
          "Content-Disposition: form-data; name=\"file\"; filename=\"a3f1c0ffee00112233445566778899aabbccddeeff00112233445566778899aa.png\"\r\n"
          "Content-Type: image/png\r\n"
          "\r\n");
    CHECK(body.after == "\r\n--motionspool-a3f1c0ffee00112233445566778899aa--\r\n");
    CHECK(body.size == 154'832);
    body.seen(std::span<const char>{"12345", 5});
    CHECK(seen == 5);
}

TEST_CASE("a file's name and type follow from what it is") {
    struct Row {
        domain::Format format;
        const char *extension, *type;
    };
    for (const auto& row :
         {Row{domain::Format::jpeg, ".jpg", "image/jpeg"}, Row{domain::Format::png, ".png", "image/png"}, Row{domain::Format::mp4, ".mp4", "video/mp4"},
          Row{domain::Format::quicktime, ".mov", "video/quicktime"}, Row{domain::Format::matroska, ".mkv", "video/x-matroska"},
          Row{domain::Format::webm, ".webm", "video/webm"}, Row{domain::Format::other, ".bin", "application/octet-stream"}}) {
        CHECK(upload_name("abc", row.format) == std::string{"abc"} + row.extension);
        UploadOrder order;
        order.sha256 = sha;
        order.format = row.format;
        const auto request = upload("k", std::move(order));
        CHECK(std::get<http::FileBody>(request.body).before.find(std::string{"\r\nContent-Type: "} + row.type + "\r\n\r\n") != std::string::npos);
    }
}

TEST_CASE("an uploaded file's link is read in both documented shapes") {
    const auto one = read_upload(ok(
        R"({"success":true,"code":200,"msg":"File uploaded successfully","data":{"fileName":"c.png","filePath":"images/c.png",)"
        R"("downloadUrl":"https://tempfile.redpandaai.co/x/images/c.png","fileSize":154832,"mimeType":"image/png","uploadedAt":"2026-01-01T12:00:00.000Z"}})"));
    CHECK(one.url == "https://tempfile.redpandaai.co/x/images/c.png");
    CHECK(one.bytes == 154'832);
    CHECK(one.trouble.empty());
    CHECK_FALSE(one.key_refused);
    const auto other = read_upload(answer(201, R"({"code":"200","data":{"fileUrl":"https://f/c.png","expiresAt":"2026-01-04T12:00:00.000Z"}})"));
    CHECK(other.url == "https://f/c.png");
    CHECK(other.bytes == 0);
    CHECK(read_upload(ok(R"({"success":true,"data":{"downloadUrl":"","fileUrl":"https://f"}})")).url == "https://f");
    CHECK(read_upload(ok(R"({"data":{"downloadUrl":"https://d","fileUrl":"https://f","fileSize":-1}})")).url == "https://d");
    CHECK(read_upload(ok(R"({"data":{"fileUrl":"https://f","fileSize":-1}})")).bytes == 0);
}

TEST_CASE("an upload that failed is told with its reason") {
    CHECK(read_upload(failure(5'000)).trouble == "api.kie.ai: reset");
    CHECK(read_upload(answer(502, "<html>")).trouble == "the upload host answers HTTP 502");
    CHECK(read_upload(ok(R"({"code":500,"msg":"disk full"})")).trouble == "the upload host answers 500: disk full");
    CHECK(read_upload(ok(R"({"code":200,"msg":"ok","data":{}})")).trouble == "the upload host answers 200: ok");
    for (const auto* body : {R"({"code":500,"data":{"downloadUrl":"https://d"}})", R"({"code":200,"data":{"downloadUrl":7}})",
                             R"({"code":200,"data":"https://d"})", R"({"code":200,"data":null})", "", "[]"}) {
        CHECK(read_upload(ok(body)).url.empty());
        CHECK_FALSE(read_upload(ok(body)).trouble.empty());
    }
    for (const int status : {302, 403, 413, 500, 503}) CHECK(read_upload(answer(status, R"({"code":200,"data":{"downloadUrl":"https://d"}})")).url.empty());
}

TEST_CASE("a refused key is told apart from other trouble of an upload") {
    CHECK(read_upload(answer(401, "")).key_refused);
    CHECK(read_upload(ok(R"({"code":401,"msg":"no"})")).key_refused);
    CHECK(read_upload(failure(10, 401)).key_refused);
    CHECK_FALSE(read_upload(answer(403, "")).key_refused);
    CHECK_FALSE(read_upload(failure(10)).key_refused);
}

TEST_CASE("a fresh link is asked for and read") {
    const auto request = ask_fresh_link("sk-1", "https://tempfile.aiquickdraw.com/r/a\"b.mp4");
    CHECK(request.method == "POST");
    CHECK(request.target == "/api/v1/common/download-url");
    CHECK(lines(request.headers) == "Authorization: Bearer sk-1\nAccept: application/json\nContent-Type: application/json\n");
    CHECK(std::get<std::string>(request.body) == R"({"url":"https://tempfile.aiquickdraw.com/r/a\"b.mp4"})");
    CHECK(read_fresh_link(ok(R"({"code":200,"msg":"success","data":"https://fresh"})")) == "https://fresh");
    CHECK(read_fresh_link(ok(R"({"code":"200","data":"https://fresh"})")) == "https://fresh");
    for (const auto* body : {R"({"code":422,"msg":"foreign","data":null})", R"({"code":422,"data":"https://x"})", R"({"code":200,"data":{"url":"https://x"}})",
                             R"({"data":"https://x"})", "https://x"}) {
        CHECK(read_fresh_link(ok(body)).empty());
    }
    CHECK(read_fresh_link(answer(500, R"({"code":200,"data":"https://x"})")).empty());
    CHECK(read_fresh_link(failure(10)).empty());
}

const std::vector<std::string> hosts{"aiquickdraw.com", "redpandaai.co", "kie.ai"};
bool fetches(const std::string& url, const std::string& api = "https://api.example.org") {
    const auto parsed = http::parse_url(url);
    return parsed && may_fetch(*parsed, hosts, http::parse_url(api)->origin);
}

TEST_CASE("results are fetched from the hosts that are named, their subdomains, and the API itself") {
    for (const auto* url : {"https://kie.ai/x", "https://file.kie.ai/x", "https://a.b.c.aiquickdraw.com/r/out.mp4?x=1", "https://TEMPFILE.RedPandaAI.co/x",
                            "https://kie.ai:443/x", "https://api.example.org/x"}) {
        INFO(url);
        CHECK(fetches(url));
    }
}

TEST_CASE("results are fetched from nowhere else") {
    for (const auto* url : {"https://evilkie.ai/x",
                            "https://kie.ai.evil.com/x",
                            "https://kie-ai.com/x",
                            "https://xkie.ai/x",
                            "https://ai/x",
                            "https://kie.ai./x",
                            "https://evil.com/kie.ai",
                            "https://evil.com/?kie.ai",
                            "https://evil.com#kie.ai",
                            "https://kie.ai@evil.com/x",
                            "https://evil.com\\.kie.ai/x",
                            "https://kie.ai%2eevil.com/x",
                            "https://kie.ai:8443/x",
                            "https://kie.ai:80/x",
                            "http://kie.ai/x",
                            "http://kie.ai:443/x",
                            "ftp://kie.ai/x",
                            "file:///etc/passwd",
                            "https://127.0.0.1/x",
                            "https://localhost/x",
                            "https://[::1]/x",
                            "https://169.254.169.254/latest",
                            "https://10.0.0.1/x",
                            "https://sub.api.example.org/x",
                            "http://api.example.org/x",
                            "https://api.example.org:8443/x",
                            "https://example.org/x",
                            "//kie.ai/x",
                            "kie.ai/x",
                            ""}) {
        INFO(url);
        CHECK_FALSE(fetches(url));
    }
}

TEST_CASE("an API on this machine may serve its own results in plain HTTP, on its own port alone") {
    const std::string local = "http://127.0.0.1:8379";
    CHECK(fetches("http://127.0.0.1:8379/r/out.mp4", local));
    CHECK(fetches("http://localhost:8379/r", "http://localhost:8379"));
    CHECK(fetches("http://[::1]:8379/r", "http://[::1]:8379"));
    CHECK(fetches("https://kie.ai/x", local));
    for (const auto* url : {"http://127.0.0.1:8380/r", "http://127.0.0.1/r", "http://localhost:8379/r", "http://127.0.0.2:8379/r", "http://[::1]:8379/r",
                            "https://127.0.0.1:8379/r", "https://127.0.0.1/r", "http://kie.ai/x"}) {
        INFO(url);
        CHECK_FALSE(fetches(url, local));
    }
    CHECK_FALSE(fetches("http://10.0.0.5:8379/x", "http://10.0.0.5:8379"));  // not on this machine
}

}  // namespace
}  // namespace motionspool::kie
