#pragma once
#include <string>
#include "domain/outcome.hpp"
#include "http/client.hpp"

namespace motionspool::kie::test {

inline http::Exchange answer(int status, std::string body, http::Headers headers = {}) { return http::Response{status, std::move(headers), std::move(body)}; }
inline http::Exchange ok(std::string body) { return answer(200, std::move(body)); }
inline http::Exchange failure(std::uint64_t written, std::optional<int> status = std::nullopt) {
    return http::Failure{.step = http::Failure::Step::read, .text = "api.kie.ai: reset", .bytes_written = written, .status = status};
}
/// recordInfo's answer with these members of `data`.
inline http::Exchange record(const std::string& members) { return ok(R"({"code":200,"msg":"success","data":{"taskId":"t",)" + members + "}}"); }

/// "Name: value" lines.
inline std::string lines(const http::Headers& headers) {
    std::string text;
    for (const auto& header : headers) text += header.name + ": " + header.value + "\n";
    return text;
}

}  // namespace motionspool::kie::test
