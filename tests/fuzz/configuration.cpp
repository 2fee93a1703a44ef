#include "config/manifest_reader.hpp"
#include "harness.hpp"

// A configuration.
namespace motionspool::fuzz {

void fuzz(std::string_view input) {
    const auto read = config::parse_config(input);
    for (const auto& complaint : read.complaints) must(complaint.at.byte <= input.size(), "a complaint stands in the text");
    must(to_lines(read.complaints, "c", input).size() == read.complaints.size(), "a line a complaint");
    if (any_error(read.complaints)) return;
    must(read.config.output.name.find("{job}") != std::string::npos, "videos of two jobs never have one name");
    must(read.config.limits.uploads > 0 && read.config.limits.downloads > 0, "something can be sent and fetched");
    must(config::manifest_limits(read.config).bytes > 0, "some manifest can be read");
}

}  // namespace motionspool::fuzz
