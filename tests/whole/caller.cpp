#include "whole/caller.hpp"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/socket.h>
#include <unistd.h>
#include <array>
#include <ctime>
#include <random>
#include <stdexcept>
#include <system_error>
#include "base/unique_fd.hpp"

namespace motionspool::whole {
namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
}

UniqueFd open_socket() {
    UniqueFd fd{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    if (!fd) throw std::system_error(errno, std::generic_category(), "socket");
    return fd;
}

/// Written for this test alone, so that it shares no line with what it tests.
std::string signature(const std::string& key, const std::string& text) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    ::HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(), &length);
    std::array<unsigned char, 2 * EVP_MAX_MD_SIZE> encoded{};
    const int count = ::EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(length));
    return {reinterpret_cast<const char*>(encoded.data()), static_cast<std::size_t>(count)};
}

}  // namespace

std::uint16_t free_port() {
    std::random_device random;
    for (int tries = 0; tries < 1000; tries++) {
        const auto fd = open_socket();
        const auto port = static_cast<std::uint16_t>(std::uniform_int_distribution{20'000, 32'000}(random));
        const auto address = loopback(port);
        if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return port;
    }
    throw std::runtime_error("no port is free");
}

std::string say(std::uint16_t port, const std::string& bytes) {
    const auto fd = open_socket();
    const auto address = loopback(port);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return {};
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto count = ::send(fd.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (count <= 0) break;
        sent += static_cast<std::size_t>(count);
    }
    std::string answer;
    for (std::array<char, 4096> buffer{};;) {
        const auto count = ::recv(fd.get(), buffer.data(), buffer.size(), 0);
        if (count <= 0) return answer;
        answer.append(buffer.data(), static_cast<std::size_t>(count));
    }
}

std::string to_bytes(const Post& post) {
    auto text = post.method + " " + post.target + " HTTP/1.1\r\nHost: render.example.com\r\n";
    for (const auto& [name, value] : post.headers) text += name + ": " + value + "\r\n";
    return text + "Content-Length: " + std::to_string(post.body.size()) + "\r\n\r\n" + post.body;
}

Post callback(const std::string& path, const std::string& secret, const std::string& task, const std::string& key) {
    Post post{path + "/callback/" + secret,
              R"({"code":200,"msg":"ok","data":{"taskId":")" + task + R"(","state":"success"}})",
              {{"Content-Type", "application/json"}}};
    if (key.empty()) return post;
    const auto now = std::to_string(std::time(nullptr));
    post.headers.emplace_back("X-Webhook-Timestamp", now);
    post.headers.emplace_back("X-Webhook-Signature", signature(key, task + "." + now));
    return post;
}

}  // namespace motionspool::whole
