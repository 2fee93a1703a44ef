#include "media/facts_line.hpp"
#include <doctest/doctest.h>

using namespace motionspool;
using namespace std::chrono_literals;
using domain::Format;

TEST_CASE("facts survive the way through the pipe") {
    for (const auto format : {Format::jpeg, Format::png, Format::mp4, Format::quicktime, Format::matroska, Format::webm, Format::other}) {
        const domain::MediaFacts facts{.format = format,
                                       .bytes = 99'999'999'999,
                                       .width = 1280,
                                       .height = 720,
                                       .duration = 4321ms,
                                       .complete = format == Format::png,
                                       .frame_rate = 23'976,
                                       .pictures = 2,
                                       .sounds = 3};
        CHECK(media::parse_line(media::to_line(facts)) == facts);
    }
}

TEST_CASE("anything but the one line is no answer") {
    const auto* const good = "format=mp4 bytes=1 width=2 height=3 duration_ms=4 frame_rate=5 pictures=1 sounds=0 complete=1\n";
    REQUIRE(media::parse_line(good).has_value());
    for (const auto* const bad : {"", "\n", "format=mp4 bytes=1 width=2 height=3 duration_ms=4 frame_rate=5 pictures=1 sounds=0 complete=1",
                                  "format=avi bytes=1 width=2 height=3 duration_ms=4 frame_rate=5 pictures=1 sounds=0 complete=1\n",
                                  "format=mp4 bytes=1 width=-2 height=3 duration_ms=4 frame_rate=5 pictures=1 sounds=0 complete=1\n",
                                  "format=mp4 bytes=1 width=2 height=3 duration_ms=4 frame_rate=5 pictures=1 sounds=0 complete=2\n",
                                  "format=mp4 bytes=1 width=2 height=3 duration_ms=4 frame_rate=5 pictures=1 sounds=0 complete=1\nmore\n",
                                  "format=mp4 bytes=99999999999999999999 width=2 height=3 duration_ms=4 frame_rate=5 pictures=1 sounds=0 complete=1\n",
                                  "format=mp4 width=2 bytes=1 height=3 duration_ms=4 frame_rate=5 pictures=1 sounds=0 complete=1\n",
                                  "format=mp4 bytes=1 width=2 height=3 duration_ms=4 frame_rate=-5 pictures=1 sounds=0 complete=1\n",
                                  "format=mp4 bytes=1 width=2 height=3 duration_ms=4 frame_rate=5 pictures=1 complete=1\n",
                                  "format=mp4 bytes=1 width=2 height=3 duration_ms=9000000000000000000 frame_rate=5 pictures=1 sounds=0 complete=1\n",
                                  "format=mp4 bytes=1 width=2 height=3 duration_ms=-4 frame_rate=5 pictures=1 sounds=0 complete=1\n"}) {
        INFO(bad);
        CHECK_FALSE(media::parse_line(bad).has_value());
    }
}
