#pragma once
#include <doctest/doctest.h>
#include <boost/json.hpp>
#include "simulator/simulator.hpp"

namespace motionspool::simulator {

namespace json = boost::json;

/// A simulator with a clock that is moved by hand, and requests in few words.
struct Desk {
    explicit Desk(Options options = quiet(), Journal journal = {}) : simulator{std::move(options), std::move(journal)} {
        simulator.set_base("http://127.0.0.1:8080");
    }

    /// Tasks take exactly a second, no rate, the same dice each time.
    static Options quiet() {
        Options options;
        options.duration = {milliseconds{1000}, milliseconds{1000}};
        options.rate.reset();
        options.seed = 7;
        return options;
    }
    static Options with(std::string_view fault, Options options = quiet()) {
        options.faults.push_back(parse_fault(fault).value());
        return options;
    }

    static http::Request request(std::string method, std::string target, std::string body = {}) {
        http::Request made;
        made.method = std::move(method);
        made.target = std::move(target);
        made.headers = {{"User-Agent", "test/1"}, {"Authorization", "Bearer sk-test"}, {"Content-Type", "application/json"}};
        made.body = std::move(body);
        return made;
    }
    static std::string order(std::string_view prompt = "A felt fox waves.", std::string_view motion = "https://elsewhere.example/move.mp4",
                             std::string_view callback = "", std::string_view mode = "720p") {
        ObjectText input;
        input.text("prompt", prompt).raw("input_urls", R"(["https://elsewhere.example/char.png"])").raw("video_urls", "[" + json_quoted(motion) + "]");
        input.text("character_orientation", "video").text("mode", mode);
        ObjectText body;
        body.text("model", "kling-2.6/motion-control").raw("input", input.str());
        if (!callback.empty()) body.text("callBackUrl", callback);
        return body.str();
    }

    void later(milliseconds by) { now.steady += by, now.wall += by; }
    Planned send(const http::Request& made) { return simulator.handle(made, now); }
    Planned create(std::string_view prompt = "A felt fox waves.") { return send(request("POST", "/api/v1/jobs/createTask", order(prompt))); }
    Planned poll(const std::string& task) { return send(request("GET", "/api/v1/jobs/recordInfo?taskId=" + task)); }
    Planned fetch(const std::string& target) { return send(request("GET", target)); }
    Planned post(const std::string& target, const std::string& body) { return send(request("POST", target, body)); }
    json::object state() { return object(fetch("/sim/state")); }
    /// The id of a task that must be accepted.
    std::string task(std::string_view prompt = "A felt fox waves.") { return std::string{object(create(prompt)).at("data").at("taskId").as_string()}; }
    /// Uploads bytes under clips/NAME. @return its URL
    std::string upload(const std::string& name, const std::string& bytes) {
        auto made = request("POST", "/api/file-stream-upload",
                            "--b\r\nContent-Disposition: form-data; name=\"uploadPath\"\r\n\r\nclips\r\n--b\r\nContent-Disposition: form-data; "
                            "name=\"fileName\"\r\n\r\n" +
                                name + "\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n" + bytes + "\r\n--b--\r\n");
        made.headers[2].value = "multipart/form-data; boundary=b";
        return std::string{object(send(made)).at("data").at("downloadUrl").as_string()};
    }

    static const std::string& text(const Planned& planned) { return std::get<std::string>(planned.reply.body); }
    static json::object object(const Planned& planned) { return json::parse(text(planned)).as_object(); }
    static std::string header(const Planned& planned, std::string_view name) { return std::string{http::find(planned.reply.headers, name).value_or("")}; }

    Simulator simulator;
    Moment now{milliseconds{1'000'000}, Instant{std::chrono::milliseconds{1'767'700'000'000}}};
};

/// A minimal MP4 whose mvhd says so many milliseconds; moov stands at the end, behind `filler` bytes of mdat.
std::string clip_of(std::uint32_t milliseconds_long, std::size_t filler = 0);

}  // namespace motionspool::simulator
