#pragma once
#include <unistd.h>
#include <array>
#include <functional>
#include "media/probe.hpp"

namespace motionspool::test {
namespace asio = boost::asio;

/// Sees what a test wrote: a file that begins with "image" is a JPEG of 1000 × 1000, "motion" an MP4 of 5 s, "cut" the same MP4 cut short; one that is
/// empty or begins with a zero is still to come; anything else is no media.
class FakeProbe final : public media::Probe {
public:
    asio::awaitable<Tried<domain::MediaFacts>> probe(int fd) override {
        std::array<char, 6> head{};
        const auto got = ::pread(fd, head.data(), head.size(), 0);
        const std::string_view begin{head.data(), got < 0 ? 0 : static_cast<std::size_t>(got)};
        domain::MediaFacts facts;
        facts.bytes = static_cast<std::uint64_t>(::lseek(fd, 0, SEEK_END));
        facts.width = facts.height = 1000;
        facts.complete = !begin.empty() && !begin.starts_with('\0') && !begin.starts_with("cut");
        if (begin.starts_with("image")) facts.format = domain::Format::jpeg;
        if (begin.starts_with("motion") || begin.starts_with("cut")) {
            facts.format = domain::Format::mp4;
            facts.duration = std::chrono::seconds{5};
        }
        ++probed;
        on_probe();
        if (!trouble.empty()) co_return ServerTrouble{trouble};
        co_return facts;
    }
    int probed = 0;
    std::string trouble;  ///< not empty: nothing can be looked at just now
    std::function<void()> on_probe = [] {};
};

}  // namespace motionspool::test
