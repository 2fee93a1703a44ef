#include "domain/id_template.hpp"

namespace motionspool::domain {

Result<IdTemplate> IdTemplate::parse(std::string_view text, bool has_prompts) {
    IdTemplate out;
    while (!text.empty()) {
        const auto open = text.find_first_of("{}");
        if (open != 0) out.parts_.push_back({What::text, std::string{text.substr(0, open)}});
        if (open == std::string_view::npos) break;
        const auto close = text.find('}', open);
        if (text[open] == '}' || close == std::string_view::npos)
            return Problem{"a single \"" + std::string{text[open]} + "\" in the id; expected {image}, {motion} or {prompt}"};
        const auto name = text.substr(open + 1, close - open - 1);
        if (name == "image")
            out.parts_.push_back({What::image, {}});
        else if (name == "motion")
            out.parts_.push_back({What::motion, {}});
        else if (name == "prompt" && has_prompts)
            out.parts_.push_back({What::prompt, {}});
        else if (name == "prompt")
            return Problem{"{prompt} in the id has nothing to stand for; add `prompt` to the matrix or leave it out"};
        else
            return Problem{"unknown placeholder {" + std::string{name.size() <= 40 ? name : "…"} + "} in the id; expected {image}, {motion} or {prompt}"};
        text.remove_prefix(close + 1);
    }
    return out;
}

std::string IdTemplate::fill(std::string_view image, std::string_view motion, std::string_view prompt) const {
    std::string out;
    for (const auto& part : parts_) {
        switch (part.what) {
            case What::text: out += part.text; break;
            case What::image: out += image; break;
            case What::motion: out += motion; break;
            case What::prompt: out += prompt; break;
        }
    }
    return out;
}

}  // namespace motionspool::domain
