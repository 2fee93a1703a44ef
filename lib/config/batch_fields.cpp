#include "config/batch_fields.hpp"
#include <array>
#include "config/job_fields.hpp"

namespace motionspool::config {

std::optional<domain::Finish> read_finish(const Item& item, Report& report) {
    constexpr std::array<std::string_view, 2> words{"none", "ask"};
    const auto choice = read_choice(item, words, report);
    if (!choice) return std::nullopt;
    return *choice == 0 ? domain::Finish::none : domain::Finish::ask;
}

std::optional<std::optional<domain::Written>> read_window(const Item& item, Report& report) {
    if (is_none(item.node)) return std::optional<domain::Written>{};
    auto name = read_name(item, report);
    if (!name) return std::nullopt;
    return name;
}

}  // namespace motionspool::config
