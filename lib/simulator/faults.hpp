#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <vector>
#include "base/result.hpp"

namespace motionspool::simulator {

/// Every way of misbehaving on purpose. What each does is said in fault_table().
// clang-format off
enum class Fault : std::uint8_t {
    lost_request, before_500, http_401, http_403_html, http_429, http_503, create_redirect,
    http_400, http_404, http_405, http_413, http_415, http_429_edge, http_404_proxy, http_429_proxy, http_404_other, http_302,
    code_400, code_401, code_402, code_429, code_433, maintenance, disabled, code_500, field_required, bad_format, out_of_range, code_422_unknown,
    lost_answer, after_500, gateway_504, code_500_after, word_rate_limit, word_moderate, word_violation, word_usage, sentence_within,
    empty_404_after, empty_429_after, page_502_as_404, code_402_with_task, code_429_with_task, page_403_with_task, redirect_to_task,
    garbage_json, truncated_json, empty_taskid, no_data, slow_answer, held_answer, hang,
    fail_moderation, fail_no_upper_body, fail_no_character, fail_recognition, fail_first_frame, fail_image_fetch, fail_flagged, fail_safety,
    fail_rejected, fail_copyright, fail_range, fail_internal, fail_busy, fail_system_busy, fail_unknown, fail_timeout, fail_charged,
    stuck, held, slow_task, odd_state, overcharge,
    empty_result, null_result, absent_result, foreign_result, expired_link, always_cut_download, corrupt_download,
    create_422_not_found, poll_500, poll_garbage, poll_truncated, poll_drop, poll_429, poll_rate_limit, poll_404,
    upload_cut, upload_drop, upload_500, upload_code_500, upload_garbage,
    cut_download, short_download, html_download, empty_download, download_500, ignore_range, redirect_download, redirect_foreign, redirect_loop,
    early_callback, duplicate_callback, lost_callback, forged_callback, odd_callback,
    credit_500, credit_garbage,
};
// clang-format on

/// Where a fault is drawn: once for each createTask (instead of accepting, or after it), once for each accepted task, or with each request of a kind.
enum class Stage : std::uint8_t { refusal, answer, task, poll, upload_head, upload, download, callback, credit };
[[nodiscard]] std::string_view to_string(Stage);

struct FaultRow {
    Fault fault;
    std::string_view name;  ///< as in --fault NAME=RATE and [sim:NAME]
    Stage stage;
    std::string_view what;
};
/// In the order of the enum.
[[nodiscard]] std::span<const FaultRow> fault_table();
inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::credit_garbage) + 1;
using FaultSet = std::bitset<fault_count>;

[[nodiscard]] const FaultRow& row_of(Fault);
[[nodiscard]] std::optional<Fault> fault_named(std::string_view);

/// How often a fault strikes: with a probability, or at every n-th occasion. The default is never.
struct Frequency {
    std::uint32_t per_million = 0;
    std::uint32_t every = 0;
    friend bool operator==(const Frequency&, const Frequency&) = default;
};
/// "0.05", "1", "every:10".
[[nodiscard]] Result<Frequency> parse_frequency(std::string_view);
/// "lost-answer=0.05".
[[nodiscard]] Result<std::pair<Fault, Frequency>> parse_fault(std::string_view);

/// "[sim:NAME]" in a prompt: the fault always strikes what this prompt makes. "[sim:NAME*2]": only the first two times.
struct Mark {
    Fault fault;
    std::optional<int> times;
};
/// All marks of a prompt; a name that is in no table is a problem, so that a test with a slip is found.
[[nodiscard]] Result<std::vector<Mark>> read_marks(std::string_view prompt);

/// Decides which faults strike.
class FaultPlan {
public:
    explicit FaultPlan(std::uint64_t seed) : engine_{seed} {}
    void set(Fault, Frequency);
    /// The faults of a stage that strike now. Marks count their occasions in `used`, by name.
    [[nodiscard]] FaultSet draw(Stage, std::span<const Mark> marks, std::map<Fault, int>& used);
    /// Those of a stage without marks.
    [[nodiscard]] FaultSet draw(Stage);
    /// Evenly in [0, below); the one source of chance. @pre below > 0
    [[nodiscard]] std::uint64_t dice(std::uint64_t below) { return engine_() % below; }

private:
    bool strikes(Fault);

    std::mt19937_64 engine_;
    std::array<Frequency, fault_count> frequencies_{};
    std::array<std::uint32_t, fault_count> occasions_{};
};

/// The first of the set in the table's order.
[[nodiscard]] std::optional<Fault> first_of(const FaultSet&);
[[nodiscard]] inline bool has(const FaultSet& set, Fault fault) { return set.test(static_cast<std::size_t>(fault)); }

}  // namespace motionspool::simulator
