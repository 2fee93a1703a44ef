#include "harness.hpp"
#include "media/facts_line.hpp"
#include "media/sniff.hpp"

// Files by their content: the walks over containers, which run in the daemon, too; and the line in which the helper answers.
namespace motionspool::fuzz {

void fuzz(std::string_view input) {
    const auto read = media::reader_of(input);
    const auto sniffed = media::sniff(read, input.size());
    const bool container = sniffed.format == domain::Format::mp4 || sniffed.format == domain::Format::quicktime;
    const auto walk = media::walk_mp4(read, input.size());
    must(!container || sniffed.complete == walk.complete(), "a file is judged the same in the helper and at delivery");
    (void)media::walk_ebml(read, input.size());
    if (const auto facts = media::parse_line(input)) must(media::parse_line(media::to_line(*facts)) == facts, "what the helper says is read as it was meant");
}

}  // namespace motionspool::fuzz
