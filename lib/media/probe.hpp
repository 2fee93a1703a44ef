#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <memory>
#include "base/trouble.hpp"
#include "domain/media.hpp"

namespace motionspool::media {
namespace asio = boost::asio;

/// Finds out what a file is. A seam: tests answer from a table.
class Probe {
public:
    virtual ~Probe() = default;
    /// Looks at an opened regular file, which stays the caller's and must stay open until this completes; its position is neither used nor moved.
    /// No media at all is a value (`Format::other`), so is a file cut short (`complete` false, size and duration as far as known).
    /// A problem ("is not a readable media file; …", to stand behind the file's name) is a file that claims to be media and cannot be read as such; a helper
    /// that cannot be run is the server's trouble.
    /// @throws system_error{operation_aborted} if cancelled
    virtual asio::awaitable<Tried<domain::MediaFacts>> probe(int fd) = 0;
};

/// Asks the helper program, one process a file, at most two at once, each killed after `limit` of real time. The probe must outlive its coroutines.
[[nodiscard]] std::unique_ptr<Probe> make_probe(asio::any_io_executor executor, std::filesystem::path program,
                                                std::chrono::milliseconds limit = std::chrono::seconds{10});

/// The helper's place: $MOTIONSPOOL_PROBE, else beside this program, else ../libexec/motionspool/ from there (an installation).
/// A problem names the places looked at; the daemon should not start then.
[[nodiscard]] Result<std::filesystem::path> find_probe_program();

}  // namespace motionspool::media
