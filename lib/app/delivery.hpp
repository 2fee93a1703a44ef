#pragma once
#include <random>
#include <set>
#include "app/folder_sync.hpp"
#include "app/places.hpp"
#include "app/result_file.hpp"
#include "app/settings.hpp"
#include "async/clock.hpp"
#include "async/slots.hpp"
#include "domain/calendar.hpp"
#include "http/client.hpp"
#include "store/store.hpp"

namespace motionspool::app {

/// Brings finished videos to disk: fetched under a hidden name, checked, fsynced, then given their name. Nothing incomplete is ever visible under a final name.
class Delivery {
public:
    Delivery(const Settings&, Clock&, store::Store&, http::Client&, Places&, std::mt19937_64&);
    /// Delivers a `downloading` job's video; trouble on the way is retried as often as it takes, and told to readers. Afterwards the job is done, or failed:
    /// `result-broken`, fetched anew too often, or `result-missing`, no link to it for a day.
    /// Nothing happens for a job that is being fetched already.
    asio::awaitable<void> fetch(JobId);
    /// At start: what an earlier process had put in its place when its job was given up is removed.
    void recover();

private:
    struct Fetched {
        bool good = false, expired = false, broken = false;
        std::string trouble;
    };
    asio::awaitable<void> fetch_alone(JobId);
    /// While a folder is away nothing is delivered.
    asio::awaitable<void> wait_for_places(JobId);
    /// @throws std::system_error if a folder is away, or was since `times`: nothing is made in its place, and what was opened before lies elsewhere
    void require_places(std::uint64_t times);
    /// @throws std::system_error if that is not what lies under its path
    static void require_own(const ResultFile&);
    asio::awaitable<Fetched> download(std::string url, ResultFile&);
    asio::awaitable<std::string> fresh_link(std::string url);
    asio::awaitable<void> place(const store::Job&, const store::Attempt&, ResultFile&);
    asio::awaitable<void> conclude(const store::Job&, const store::Attempt&, const store::Placing&);
    /// What an earlier process put in its place.
    [[nodiscard]] std::optional<store::Placing> already_there(const store::Job&);
    /// Has somebody given the job up meanwhile? Then what was fetched of it is removed.
    [[nodiscard]] bool given_up(const store::Job&, AttemptId);
    /// The job was given up after its video had got its name.
    void take_back(const store::Job&, const store::Placing&);
    void fail(const store::Job&, AttemptId, const store::JobError&, ResultFile&);

    const Settings& settings_;
    Clock& clock_;
    store::Store& store_;
    http::Client& http_;
    Places& places_;
    std::mt19937_64& random_;
    const domain::Zone zone_;  ///< resolved once: a name must not change between two looks
    Slots slots_;
    FolderSync folders_;
    std::set<JobId> fetching_;
};

}  // namespace motionspool::app
