#pragma once
#include <random>
#include "app/result_file.hpp"
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/slots.hpp"
#include "http/client.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Brings finished videos to disk: fetched under a hidden name, checked, fsynced, then given their name. Nothing incomplete is ever visible under a final name.
class Delivery {
public:
    Delivery(const Settings&, Clock&, store::Store&, http::Client&, std::mt19937_64&);
    /// Delivers a `downloading` job's video; network trouble is retried as often as it takes. Afterwards the job is done, or failed because the result is
    /// broken.
    asio::awaitable<void> fetch(JobId);

private:
    struct Fetched {
        bool good = false, expired = false, broken = false;
        std::string trouble;
    };
    asio::awaitable<Fetched> download(std::string url, ResultFile&);
    asio::awaitable<std::string> fresh_link(std::string url);
    asio::awaitable<void> place(const store::Job&, const store::Attempt&, ResultFile&);
    [[nodiscard]] bool already_there(const store::Job&);
    void fail(const store::Job&, const std::string& why);

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    http::Client& http_;
    std::mt19937_64& random_;
    Slots slots_;
};

}  // namespace motionspool::app
