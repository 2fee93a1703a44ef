#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace motionspool::domain {

/// Gives out the job ids of one batch; none twice, compared without regard to case.
class UniqueIds {
public:
    /// The ids of a job and its takes, as they are wanted: "fox", "fox-t2", "fox-t3".
    /// @return nothing if one of them is taken
    [[nodiscard]] std::vector<std::string> claim(std::string_view base, int takes);
    /// Likewise, but where one is taken all get a number: "fox-2", "fox-2-t2", …
    [[nodiscard]] std::vector<std::string> claim_or_number(std::string_view base, int takes);

private:
    std::unordered_set<std::string> keys_;
    std::unordered_map<std::string, int> next_number_;
};

}  // namespace motionspool::domain
