#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <compare>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>
#include "app/url_inputs.hpp"
#include "async/slots.hpp"
#include "config/manifest_reader.hpp"
#include "domain/manifest.hpp"
#include "media/probe.hpp"
#include "spool/place.hpp"

namespace motionspool::app {
namespace asio = boost::asio;

/// Which bytes a file held, as far as the file system tells: what is written to or replaced has another.
struct FileStamp {
    std::uint64_t device = 0, inode = 0;
    std::int64_t size = 0, modified = 0, changed = 0;  ///< the times in ns
    friend auto operator<=>(const FileStamp&, const FileStamp&) = default;
};

/// A file or URL that jobs of a manifest name, once however often it is named.
struct ExaminedInput {
    std::string source;  ///< as found: relative to the drop, or absolute; or the URL
    std::string root;    ///< "": in the drop; "media": under a media root; "url"; "none": not found
    domain::MediaFacts facts;
    std::string sha256;  ///< filled in by hash()
    FileStamp stamp;     ///< of the file when `facts` were found out
};

struct ExaminedJob {
    domain::JobSpec spec;
    std::size_t image = 0, motion = 0;  ///< among the inputs
    std::chrono::milliseconds length{0};
    std::string render;  ///< which video it makes: the digest of domain::text_of(); filled in by hash(), empty for a bad job
};

/// All that can be said of a drop without paying for it.
struct Examination {
    std::string file;  ///< the manifest's name, for messages
    std::string bytes;
    std::optional<domain::Manifest> manifest;  ///< nothing: it must be rejected; its files are looked at all the same, as far as it can be read
    Complaints complaints;
    Complaints of_text;         ///< those about the manifest's text alone, whatever the files are
    bool partly_usable = true;  ///< false: some error belongs to no single job
    std::vector<ExaminedJob> jobs;
    std::vector<ExaminedInput> inputs;
    std::vector<std::string> missing;  ///< what may still come: a sentence each
    bool hopeless = false;             ///< something else is wrong, too, that waiting does not mend
    bool asking = false;               ///< servers are still being asked about URLs: look again when they have answered
    std::string trouble;               ///< not empty: this server could not look at something; nothing may be decided, look again in a while

    /// May it be accepted? Every job is good, or `partial` and some are, and nothing else is wrong.
    [[nodiscard]] bool acceptable() const;
};

struct ExamineSettings {
    config::ManifestDefaults defaults;
    config::ManifestLimits limits;
    std::vector<http::Origin> own_origins;  ///< may be named in URLs although they are on this machine
    std::string model;                      ///< of the provider, by which all is rendered
    domain::Prices prices;                  ///< for words: what repeats would cost
};

/// Reads manifests and looks at the media they name. Remembers what it saw of a file until the file changes.
class Examiner {
public:
    /// @param urls asks servers about URLs; null: their addresses are judged, and nobody is asked
    Examiner(asio::any_io_executor, media::Probe&, ExamineSettings, UrlInputs* urls = nullptr);
    /// Told the name of each file before it is read.
    std::function<void(const std::string&)> reading = [](const std::string&) {};
    /// @param earlier an examination of the same drop; its reading of the manifest is used again if the bytes are the same
    asio::awaitable<Examination> examine(const spool::Place&, std::string file, std::string bytes, bool media_roots, const Examination* earlier = nullptr);
    /// Computes the SHA-256 of every file, in slices, and by it what each job renders; warns of jobs that render the same. @return what went wrong, or nothing;
    /// a file that is no longer the one that was examined is wrong. The server's trouble is noted in the examination, and said.
    asio::awaitable<std::optional<std::string>> hash(const spool::Place&, Examination&);

private:
    struct Seen;
    asio::awaitable<void> expand(const spool::Place&, const domain::Manifest&, Examination&) const;
    asio::awaitable<void> look_at_inputs(const spool::Place&, Examination&, bool media_roots, std::vector<Seen>&);
    [[nodiscard]] std::optional<domain::RemoteFile> ask(const std::string& url, Examination&) const;
    asio::awaitable<void> look_at(const spool::Place&, ExaminedInput&, Seen&, std::string& trouble);
    void judge(Examination&, const std::vector<Seen>&) const;

    asio::any_io_executor executor_;
    media::Probe& probe_;
    UrlInputs* urls_;
    ExamineSettings settings_;
    Slots slots_;
    std::map<FileStamp, domain::MediaFacts> facts_;
};

}  // namespace motionspool::app
