#include "http/pool.hpp"
#include <algorithm>

namespace motionspool::http {

std::optional<PooledLine> Pool::take(const Origin& origin, Reach reach) {
    close_old();
    const auto found = waiting_.find(to_string(origin));
    if (found == waiting_.end()) return std::nullopt;
    auto& lines = found->second;
    for (std::size_t i = lines.size(); i-- > 0;) {
        if (reach == Reach::global_only && !lines[i].line.global) continue;
        PooledLine line = std::move(lines[i].line);
        lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
        if (line.conversation->reusable()) return line;
    }
    return std::nullopt;
}

void Pool::give_back(const Origin& origin, PooledLine line) {
    close_old();
    if (!line.conversation->reusable()) return;
    auto& lines = waiting_[to_string(origin)];
    if (lines.size() < most_) lines.push_back({std::move(line), std::chrono::steady_clock::now()});
}

void Pool::close_old() {
    const auto oldest = std::chrono::steady_clock::now() - keep_alive_;
    for (auto& [origin, lines] : waiting_) std::erase_if(lines, [&](const Waiting& one) { return one.since <= oldest; });
    std::erase_if(waiting_, [](const auto& entry) { return entry.second.empty(); });
}

}  // namespace motionspool::http
