#pragma once
#include <functional>
#include <map>
#include <optional>
#include <string>
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/slots.hpp"
#include "async/task_group.hpp"
#include "domain/remote_media.hpp"
#include "http/client.hpp"

namespace motionspool::app {

/// Our provider's origins, if they are on this machine: the one exception from the rule that inputs lie on the public Internet.
[[nodiscard]] std::vector<http::Origin> loopback_origins(const config::Config&);

/// May the provider be told to fetch from there? https to a host that is no number outside of the public Internet, or one of `ours`. No lookup is made.
/// @return why not: "names 10.0.0.1, which is …"
[[nodiscard]] std::optional<std::string> objection_to_url(const http::Url&, const std::vector<http::Origin>& ours);

/// Asks servers about the files that manifests name by URL: HEAD, with the address rules of downloads, beside everything else. Remembers for some minutes.
class UrlInputs {
public:
    UrlInputs(const Settings&, Clock&, http::Client&, TaskGroup&, asio::any_io_executor);
    /// What is known of a URL. Nothing: it is being asked for; `answered` will be called. Never nothing for longer than half a minute.
    [[nodiscard]] std::optional<domain::RemoteFile> ask(const std::string& url);
    /// Called when all that was asked for is answered, and now and then before.
    std::function<void()> answered = [] {};

private:
    struct Known {
        BootTime asked;
        std::optional<BootTime> until;  ///< once answered: how long that counts
        domain::RemoteFile file;
    };
    asio::awaitable<void> find_out(std::string url);
    asio::awaitable<domain::RemoteFile> head(std::string url);
    void forget_old();
    void tell();

    Clock& clock_;
    http::Client& http_;
    TaskGroup& group_;
    Slots slots_;
    std::vector<http::Origin> ours_;
    std::map<std::string, Known> known_;
    std::size_t under_way_ = 0;
    BootTime told_{};
};

}  // namespace motionspool::app
