#pragma once
#include <string>
#include <string_view>
#include <vector>
#include "base/result.hpp"

namespace motionspool::domain {

/// `matrix.id`, taken apart: text and placeholders in turn.
class IdTemplate {
public:
    /// @param has_prompts false: `{prompt}` stands for nothing and is a problem
    [[nodiscard]] static Result<IdTemplate> parse(std::string_view text, bool has_prompts);
    [[nodiscard]] std::string fill(std::string_view image, std::string_view motion, std::string_view prompt) const;

private:
    enum class What { text, image, motion, prompt };
    struct Part {
        What what;
        std::string text;
    };
    std::vector<Part> parts_;
};

}  // namespace motionspool::domain
