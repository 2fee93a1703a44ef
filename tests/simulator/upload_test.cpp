#include <unistd.h>
#include "desk.hpp"
#include "simulator/builtin_clip.hpp"

using namespace motionspool;
using namespace motionspool::simulator;

namespace {
std::string bytes_of(const Planned& planned) {
    if (const auto* text = std::get_if<std::string>(&planned.reply.body)) return *text;
    const auto& file = std::get<http::FileBody>(planned.reply.body);
    std::string bytes(file.size, '\0');
    CHECK(::pread(file.file->get(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    return bytes;
}
http::Request form(std::string_view path, std::string_view name, std::string_view file) {
    auto request =
        Desk::request("POST", "/api/file-stream-upload",
                      "--b\r\nContent-Disposition: form-data; name=\"uploadPath\"\r\n\r\n" + std::string{path} +
                          "\r\n--b\r\nContent-Disposition: form-data; name=\"fileName\"\r\n\r\n" + std::string{name} +
                          "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"own.png\"\r\n\r\n" + std::string{file} + "\r\n--b--\r\n");
    request.headers[2].value = "multipart/form-data; boundary=b";
    return request;
}
}  // namespace

TEST_CASE("an uploaded file is described and can be fetched again, byte for byte") {
    Desk desk;
    const auto answer = Desk::object(desk.send(form("images/a b", "c.png", "pixels")));
    CHECK(answer.at("success") == true);
    CHECK(answer.at("code") == 200);
    const auto& data = answer.at("data").as_object();
    CHECK(data.at("fileName") == "c.png");
    CHECK(data.at("filePath") == "images/a b/c.png");
    CHECK(data.at("downloadUrl") == "http://127.0.0.1:8080/files/images/a%20b/c.png");
    CHECK(data.at("fileSize") == 6);
    CHECK(data.at("mimeType") == "image/png");
    CHECK(data.at("uploadedAt") == "2026-01-06T11:46:40Z");
    const auto fetched = desk.fetch("/files/images/a%20b/c.png");
    CHECK(bytes_of(fetched) == "pixels");
    CHECK(Desk::header(fetched, "Content-Type") == "image/png");
    CHECK(desk.fetch("/files/images/other.png").reply.status == 404);
}

TEST_CASE("the other documented shape has fileUrl and expiresAt") {
    auto options = Desk::quiet();
    options.upload_shape = UploadShape::file;
    Desk desk{options};
    const auto data = Desk::object(desk.send(form("images", "c.png", "pixels"))).at("data").as_object();
    CHECK(data.at("fileUrl") == "http://127.0.0.1:8080/files/images/c.png");
    CHECK(data.at("expiresAt") == "2026-01-07T11:46:40Z");
    CHECK_FALSE(data.contains("downloadUrl"));
}

TEST_CASE("the same name in the same path overwrites, but a task keeps the bytes it began with") {
    Desk desk;
    const auto url = desk.upload("m.mp4", clip_of(3000));
    const auto task = std::string{Desk::object(desk.post("/api/v1/jobs/createTask", Desk::order("p", url))).at("data").at("taskId").as_string()};
    (void)desk.upload("m.mp4", "other bytes");
    desk.later(milliseconds{1000});
    CHECK(bytes_of(desk.fetch("/files/clips/m.mp4")) == "other bytes");
    CHECK(bytes_of(desk.fetch("/r/" + task + ".mp4")) == clip_of(3000));
}

TEST_CASE("a large file is kept in a file without a name, and any part of it is served") {
    Desk desk;
    const auto large = clip_of(3000, 600'000);
    (void)desk.upload("large.mp4", large);
    const auto whole = desk.fetch("/files/clips/large.mp4");
    CHECK(std::holds_alternative<http::FileBody>(whole.reply.body));
    CHECK(bytes_of(whole) == large);
    auto rest = Desk::request("GET", "/files/clips/large.mp4");
    rest.headers.push_back({"Range", "bytes=599990-"});
    CHECK(bytes_of(desk.send(rest)) == large.substr(599'990));
}

TEST_CASE("base64 and URL uploads work as well") {
    Desk desk;
    CHECK(desk.post("/api/file-base64-upload", R"({"base64Data":"data:image/png;base64,cGl4ZWxz","uploadPath":"i","fileName":"c"})").reply.status == 200);
    const auto fetched = desk.fetch("/files/i/c");
    CHECK(bytes_of(fetched) == "pixels");
    CHECK(Desk::header(fetched, "Content-Type") == "image/png");
    CHECK(desk.post("/api/file-base64-upload", R"({"base64Data":"cGk=","uploadPath":"i","fileName":"d"})").reply.status == 200);
    CHECK(bytes_of(desk.fetch("/files/i/d")) == "pi");
    CHECK(Desk::object(desk.post("/api/file-base64-upload", R"({"base64Data":"cG","uploadPath":"i","fileName":"e"})")).at("success") == false);
    CHECK(desk.post("/api/file-url-upload", R"({"fileUrl":"https://a.example/m.mp4","uploadPath":"u"})").reply.status == 200);
    CHECK(bytes_of(desk.fetch("/files/u/m.mp4")) == builtin_clip());
}

TEST_CASE("an upload that says too little or goes astray is refused") {
    Desk desk;
    const auto msg = [&](const http::Request& request) { return std::string{Desk::object(desk.send(request)).at("msg").as_string()}; };
    CHECK(msg(form("", "c.png", "x")) == "uploadPath is required");
    CHECK(msg(form("/images", "c.png", "x")).find("slash") != std::string::npos);
    CHECK(msg(form("images/", "c.png", "x")).find("slash") != std::string::npos);
    CHECK(msg(form("../images", "c.png", "x")).find("two dots") != std::string::npos);
    CHECK(msg(form("images", "a/c.png", "x")) == "fileName is not valid");
    CHECK(msg(Desk::request("POST", "/api/file-stream-upload", "{}")).find("multipart") != std::string::npos);
    auto no_file = form("images", "c.png", "x");
    no_file.body = std::string{"--b\r\nContent-Disposition: form-data; name=\"uploadPath\"\r\n\r\nx\r\n--b--\r\n"};
    CHECK(msg(no_file) == "file is required");
    CHECK(desk.state().at("uploads") == 0);
}

TEST_CASE("without a fileName the part's own is taken") {
    Desk desk;
    CHECK(Desk::object(desk.send(form("images", "", "x"))).at("data").at("filePath") == "images/own.png");
}

TEST_CASE("uploads are forgotten when their time is over, and a task can fail for it") {
    auto options = Desk::quiet();
    options.upload_ttl = milliseconds{5000};
    options.missing_inputs_fail = true;
    Desk desk{options};
    const auto url = desk.upload("m.mp4", clip_of(3000));
    const auto state_of = [&] {
        const auto task = std::string{Desk::object(desk.post("/api/v1/jobs/createTask", Desk::order("p", url))).at("data").at("taskId").as_string()};
        desk.later(milliseconds{1000});
        return std::string{Desk::object(desk.poll(task)).at("data").at("state").as_string()};
    };
    CHECK(state_of() == "success");
    desk.later(milliseconds{5000});
    CHECK(desk.fetch("/files/clips/m.mp4").reply.status == 404);
    CHECK(state_of() == "fail");
}

TEST_CASE("an upload's faults keep nothing, but for the one that only spoils the answer") {
    for (const auto* fault : {"upload-drop", "upload-500", "upload-code-500"}) {
        CAPTURE(fault);
        Desk desk{Desk::with(std::string{fault} + "=1")};
        const auto planned = desk.send(form("images", "c.png", "x"));
        const bool told = planned.reply.no_answer || planned.reply.status == 500 || Desk::object(planned).at("success") == false;
        CHECK(told);
        CHECK(desk.state().at("uploads") == 0);
    }
    Desk desk{Desk::with("upload-garbage=1")};
    boost::system::error_code error;
    (void)json::parse(Desk::text(desk.send(form("images", "c.png", "x"))), error);
    CHECK(error);
    CHECK(desk.state().at("uploads") == 1);
}

TEST_CASE("upload-cut resets the connection before the body has come, and nothing else is cut") {
    Desk desk{Desk::with("upload-cut=1")};
    const auto cut = desk.simulator.admit(form("images", "c.png", ""), desk.now);
    REQUIRE(cut.has_value());
    CHECK(cut->no_answer);
    CHECK_FALSE(desk.simulator.admit(Desk::request("POST", "/api/v1/jobs/createTask"), desk.now).has_value());
    CHECK_FALSE(Desk{}.simulator.admit(form("images", "c.png", ""), desk.now).has_value());
}
