#include "web/webhook.hpp"
#include <doctest/doctest.h>
#include <functional>
#include "domain/evidence.hpp"
#include "system/hmac.hpp"

namespace motionspool::web {
namespace {

const std::string secret(64, '7');
const std::string task = "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c";
const std::string timestamp = "1767700000";
const std::string path = "/motionspool";

std::optional<system::Secret> key() { return system::Secret{"sim-webhook-key-0001"}; }

/// As the provider sends it; its signature is that of the documented vector.
http::Request genuine() {
    return {"POST",
            path + "/callback/" + secret,
            {{"Host", "render.example.com"},
             {"Content-Type", "application/json"},
             {"X-Webhook-Timestamp", timestamp},
             {"X-Webhook-Signature", "Mtoz6DDdHPpAy6J2T0itjZR7KoqQ2p93PK9YauAU/1Y="}},
            R"({"code":200,"msg":"Playground task completed successfully.","data":{"taskId":")" + task + R"(","state":"success"}})"};
}

std::string& header(http::Request& request, std::string_view name) {
    for (auto& one : request.headers) {
        if (one.name == name) return one.value;
    }
    throw std::logic_error("no such header");
}
std::string& signature(http::Request& request) { return header(request, "X-Webhook-Signature"); }
std::string& body(http::Request& request) { return std::get<std::string>(request.body); }
void drop(http::Request& request, std::string_view name) {
    std::erase_if(request.headers, [&](const http::Header& one) { return one.name == name; });
}
void name_task(http::Request& request, const std::string& other) { body(request) = R"({"code":200,"data":{"taskId":")" + other + R"("}})"; }
std::string signed_with(const std::string& with, const std::string& text) { return system::hmac_sha256_base64(with, text); }

TEST_CASE("a genuine callback is read: its secret, its task, and when it was signed") {
    const auto read = read_callback(genuine(), path, key());
    const auto* callback = std::get_if<Callback>(&read);
    REQUIRE(callback != nullptr);
    CHECK(callback->secret == secret);
    CHECK(callback->task == task);
    CHECK(callback->signed_at == Instant{std::chrono::seconds{1'767'700'000}});
}

TEST_CASE("the body beside the task's id is nobody's business, and header names have no case") {
    auto request = genuine();
    body(request) = R"({"code":"501","data":{"task_id":")" + task + R"(","state":7,"resultJson":{"resultUrls":["http://evil.example/"]}},"x":[]})";
    for (auto& one : request.headers) one.name = one.name == "X-Webhook-Signature" ? "x-webhook-signature" : one.name;
    CHECK(std::holds_alternative<Callback>(read_callback(request, path, key())));
}

TEST_CASE("without a key the secret in the path is all the proof there is, signed or not") {
    auto request = genuine();
    CHECK(std::holds_alternative<Callback>(read_callback(request, path, {})));
    signature(request) = "nonsense";
    CHECK(std::holds_alternative<Callback>(read_callback(request, path, {})));
    drop(request, "X-Webhook-Signature");
    drop(request, "X-Webhook-Timestamp");
    const auto read = read_callback(request, path, {});
    REQUIRE(std::holds_alternative<Callback>(read));
    CHECK_FALSE(std::get<Callback>(read).signed_at);
}

TEST_CASE("tasks that were ordered under another public URL call there, and are heard") {
    const std::vector<std::string> paths{"/motionspool", "", "/old/place"};
    const auto under = [&](const std::string& before) { return path_for(before + "/callback/" + secret, paths); };
    CHECK(under("/motionspool") == "/motionspool");
    CHECK(under("/old/place") == "/old/place");
    CHECK(under("").empty());
    CHECK(under("/other") == "/motionspool");
    CHECK(domain::public_url_in("https://h/old/place/callback/(secret)") == "https://h/old/place");
    CHECK(domain::public_url_in("https://h/callback/callback/(secret)") == "https://h/callback");
}

struct Forgery {
    const char* what;
    std::function<void(http::Request&)> forge;
};

const std::vector<Forgery> of_the_signature{
    {"no signature", [](auto& r) { drop(r, "X-Webhook-Signature"); }},
    {"no timestamp", [](auto& r) { drop(r, "X-Webhook-Timestamp"); }},
    {"neither", [](auto& r) { drop(r, "X-Webhook-Signature"), drop(r, "X-Webhook-Timestamp"); }},
    {"empty signature", [](auto& r) { signature(r).clear(); }},
    {"empty timestamp", [](auto& r) { header(r, "X-Webhook-Timestamp").clear(); }},
    {"another timestamp", [](auto& r) { header(r, "X-Webhook-Timestamp") = "1767700001"; }},
    {"timestamp with a sign", [](auto& r) { header(r, "X-Webhook-Timestamp") = "+1767700000"; }},
    {"timestamp with a space", [](auto& r) { header(r, "X-Webhook-Timestamp") = "1767700000 "; }},
    {"timestamp with zeros before it", [](auto& r) { header(r, "X-Webhook-Timestamp") = "01767700000"; }},
    {"timestamp as a fraction", [](auto& r) { header(r, "X-Webhook-Timestamp") = "1767700000.0"; }},
    {"timestamp in words, signed",
     [](auto& r) {
         header(r, "X-Webhook-Timestamp") = "now";
         signature(r) = signed_with("sim-webhook-key-0001", task + ".now");
     }},
    {"a timestamp too long, signed",
     [](auto& r) {
         header(r, "X-Webhook-Timestamp") = "1767700000000000";
         signature(r) = signed_with("sim-webhook-key-0001", task + ".1767700000000000");
     }},
    {"the dot moved, signed as one text",
     [](auto& r) {
         name_task(r, "a");
         header(r, "X-Webhook-Timestamp") = "1.2";
         signature(r) = signed_with("sim-webhook-key-0001", "a.1.2");
     }},
    {"an empty task, signed",
     [](auto& r) {
         name_task(r, "");
         signature(r) = signed_with("sim-webhook-key-0001", ".1767700000");
     }},
    {"another task", [](auto& r) { name_task(r, "another"); }},
    {"the task in upper case", [](auto& r) { name_task(r, "281E5B0C9D3F4A6E8B7C1D2E3F4A5B6C"); }},
    {"the task cut", [](auto& r) { name_task(r, task.substr(1)); }},
    {"the task lengthened", [](auto& r) { name_task(r, task + "0"); }},
    {"the task in both places, one other", [](auto& r) { body(r) = R"({"data":{"taskId":")" + task + R"(","task_id":"another"}})"; }},
    {"the first byte of the signature", [](auto& r) { signature(r).front() = 'N'; }},
    {"the last byte of the signature", [](auto& r) { signature(r)[42] = 'Z'; }},
    {"the signature without padding", [](auto& r) { signature(r).pop_back(); }},
    {"the signature cut to its half", [](auto& r) { signature(r).resize(22); }},
    {"one character of the signature", [](auto& r) { signature(r).resize(1); }},
    {"the signature lengthened", [](auto& r) { signature(r) += "A"; }},
    {"a space after the signature", [](auto& r) { signature(r) += " "; }},
    {"a NUL after the signature", [](auto& r) { signature(r) += '\0'; }},
    {"the signature twice in one header", [](auto& r) { signature(r) += "," + signature(r); }},
    {"the signature in upper case",
     [](auto& r) {
         for (auto& c : signature(r)) c = static_cast<char>(std::toupper(c));
     }},
    {"base64 for URLs",
     [](auto& r) {
         for (auto& c : signature(r)) c = c == '/' ? '_' : c;
     }},
    {"the signature as hexadecimal", [](auto& r) { signature(r) = "32da33e830dd1cfa40cba2764f48ad8d947b2a8a90da9f773caf586ae014ff56"; }},
    {"a prefix as others use it", [](auto& r) { signature(r).insert(0, "sha256="); }},
    {"a second signature",
     [](auto& r) {
         r.headers.push_back({"X-Webhook-Signature", signature(r)});
     }},
    {"a second, wrong signature in lower case",
     [](auto& r) {
         r.headers.push_back({"x-webhook-signature", "A"});
     }},
    {"a second timestamp",
     [](auto& r) {
         r.headers.push_back({"X-Webhook-Timestamp", timestamp});
     }},
    {"another key", [](auto& r) { signature(r) = signed_with("sim-webhook-key-0002", task + "." + timestamp); }},
    {"an empty key", [](auto& r) { signature(r) = signed_with("", task + "." + timestamp); }},
    {"the key with a line end", [](auto& r) { signature(r) = signed_with("sim-webhook-key-0001\n", task + "." + timestamp); }},
    {"the task alone is signed", [](auto& r) { signature(r) = signed_with("sim-webhook-key-0001", task); }},
    {"the timestamp alone is signed", [](auto& r) { signature(r) = signed_with("sim-webhook-key-0001", timestamp); }},
    {"signed in the other order", [](auto& r) { signature(r) = signed_with("sim-webhook-key-0001", timestamp + "." + task); }},
    {"signed without the dot", [](auto& r) { signature(r) = signed_with("sim-webhook-key-0001", task + timestamp); }},
    {"the body is signed", [](auto& r) { signature(r) = signed_with("sim-webhook-key-0001", body(r)); }},
    {"the secret is signed", [](auto& r) { signature(r) = signed_with("sim-webhook-key-0001", secret + "." + timestamp); }},
};

const std::vector<Forgery> of_the_form{
    {"GET", [](auto& r) { r.method = "GET"; }},
    {"PUT", [](auto& r) { r.method = "PUT"; }},
    {"HEAD", [](auto& r) { r.method = "HEAD"; }},
    {"DELETE", [](auto& r) { r.method = "DELETE"; }},
    {"OPTIONS", [](auto& r) { r.method = "OPTIONS"; }},
    {"post in lower case", [](auto& r) { r.method = "post"; }},
    {"the root", [](auto& r) { r.target = "/"; }},
    {"the path without the prefix", [](auto& r) { r.target = "/callback/" + secret; }},
    {"the path without the secret", [](auto& r) { r.target = path + "/callback/"; }},
    {"a query", [](auto& r) { r.target += "?a=b"; }},
    {"a slash at the end", [](auto& r) { r.target += "/"; }},
    {"a secret too short", [](auto& r) { r.target.pop_back(); }},
    {"a secret too long", [](auto& r) { r.target += "7"; }},
    {"a secret with a letter that is none", [](auto& r) { r.target.back() = 'g'; }},
    {"a secret percent-encoded", [](auto& r) { r.target = path + "/callback/%37" + secret.substr(1); }},
    {"the absolute form", [](auto& r) { r.target.insert(0, "http://render.example.com"); }},
    {"a path that climbs", [](auto& r) { r.target = path + "/../motionspool/callback/" + secret; }},
    {"no body", [](auto& r) { body(r).clear(); }},
    {"no JSON", [](auto& r) { body(r) = "taskId=" + task; }},
    {"half a body", [](auto& r) { body(r).resize(body(r).size() / 2); }},
    {"an array", [](auto& r) { body(r) = "[" + body(r) + "]"; }},
    {"a text", [](auto& r) { body(r) = '"' + task + '"'; }},
    {"no data", [](auto& r) { body(r) = R"({"taskId":")" + task + "\"}"; }},
    {"data that is a text", [](auto& r) { body(r) = R"({"data":")" + task + "\"}"; }},
    {"an id that is a number", [](auto& r) { body(r) = R"({"data":{"taskId":7}})"; }},
    {"an id with a line end", [](auto& r) { name_task(r, task + "\\n"); }},
    {"an id of many thousand letters", [](auto& r) { name_task(r, std::string(5000, 'a')); }},
    {"JSON nested a thousand deep", [](auto& r) { body(r) = std::string(1000, '[') + std::string(1000, ']'); }},
    {"something after the body's end", [](auto& r) { body(r) += "x"; }},
};

TEST_CASE("no forgery of the signature passes") {
    CHECK(of_the_signature.size() >= 40);
    for (const auto& forgery : of_the_signature) {
        INFO(forgery.what);
        auto request = genuine();
        forgery.forge(request);
        CHECK(std::holds_alternative<NoCallback>(read_callback(request, path, key())));
    }
}

TEST_CASE("nothing of another form passes, whether there is a key or not, and no reason for the log holds a part of the request") {
    for (const auto& forgery : of_the_form) {
        INFO(forgery.what);
        auto request = genuine();
        forgery.forge(request);
        const auto read = read_callback(request, path, key());
        REQUIRE(std::holds_alternative<NoCallback>(read));
        CHECK(std::get<NoCallback>(read).why.find(secret.substr(0, 8)) == std::string::npos);
        CHECK(std::get<NoCallback>(read).why.find(task.substr(0, 8)) == std::string::npos);
        CHECK(std::holds_alternative<NoCallback>(read_callback(request, path, {})));
    }
    const auto forgeries = of_the_signature.size() + of_the_form.size();
    MESSAGE(forgeries << " forgeries, none passed");
}

}  // namespace
}  // namespace motionspool::web
