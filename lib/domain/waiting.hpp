#pragma once
#include "domain/recognition.hpp"
#include "domain/schedule.hpp"

// What a job waits for, in words for people. The rules are in schedule.cpp.
namespace motionspool::domain {

[[nodiscard]] std::string words_for_review(const Terms&);
/// To be appended to what a job is estimated at, if that is more than the configured prices make it.
[[nodiscard]] std::string words_for_raise(Credits configured);
[[nodiscard]] std::string words_for_hold(bool batch);
[[nodiscard]] std::string words_for(const Shut&);
[[nodiscard]] std::string words_for(const Held&);
[[nodiscard]] std::string words_for(const Purse&, Credits price);
/// What makes room in it for a job of this price.
[[nodiscard]] std::string remedy_for(const Purse&, Credits price);
[[nodiscard]] std::string words_for(const Away&);
[[nodiscard]] std::string words_for(const LowDisk&);
[[nodiscard]] std::string words_for(const Dispute&);
inline constexpr std::string_view remedy_for_dispute =
    "it goes on by itself as soon as both agree; if this machine's clock is wrong, set it right (`timedatectl` shows whether it follows a time server)";
[[nodiscard]] std::string words_for_running(std::size_t tasks, std::size_t limit);
/// Places are held by tasks that may run, too. @pre there is a limit
[[nodiscard]] std::string words_for_lost(const World&, BootTime now);
inline constexpr std::string_view remedy_for_lost =
    "`motionspool uncertain list` shows those whose answers were lost; `uncertain write-off` or `resubmit` frees a place at once, `uncertain adopt` once its "
    "task ends";
[[nodiscard]] std::string words_for(const KeyDoubt&);
inline constexpr std::string_view remedy_for_refused_key =
    "put the right one into place (provider.api_key_file, or the credential kie-api-key) and restart the daemon";
inline constexpr std::string_view remedy_for_key_doubt =
    "put back the key that made them and restart the daemon: their videos are fetched, and nothing is paid again; if this key is meant, `motionspool resume` "
    "goes on with it";
[[nodiscard]] std::string words_for_places(std::size_t under_way);
/// @param raised words_for_raise(), if there is one
[[nodiscard]] std::string words_for(const Funds&, Credits price, const std::string& raised = {});

}  // namespace motionspool::domain
