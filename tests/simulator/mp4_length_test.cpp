#include "simulator/mp4_length.hpp"
#include "desk.hpp"
#include "simulator/builtin_clip.hpp"

using namespace motionspool::simulator;
using namespace std::string_literals;

TEST_CASE("the built-in clip plays four seconds") { CHECK(movie_length(builtin_clip()) == milliseconds{4000}); }

TEST_CASE("moov is found behind the media data as well as before it") {
    CHECK(movie_length(clip_of(6500)) == milliseconds{6500});
    CHECK(movie_length(clip_of(6500, 100'000)) == milliseconds{6500});
}

TEST_CASE("64-bit box sizes and 64-bit times are understood") {
    const auto mvhd = "\0\0\0\x2c"s + "mvhd" + "\1\0\0\0"s + std::string(16, '\0') + "\0\0\x02\x58"s + "\0\0\0\0\0\0\x0e\x10"s + "\0\0\0\0"s;
    const auto moov = "\0\0\0\1moov\0\0\0\0\0\0\0\x3c"s + mvhd;
    CHECK(movie_length(moov) == milliseconds{6000});
}

TEST_CASE("a duration that is no whole number of milliseconds is rounded up, so that the last second is paid") {
    const auto mvhd = "\0\0\0\x1cmvhd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\3\0\0\0\x0a"s;
    CHECK(movie_length("\0\0\0\x24moov"s + mvhd) == milliseconds{3334});
}

TEST_CASE("what says nothing about its length has none") {
    CHECK_FALSE(movie_length(""));
    CHECK_FALSE(movie_length("not a movie at all, but long enough for a box"));
    CHECK_FALSE(movie_length("\0\0\0\3moov"s));
    CHECK_FALSE(movie_length("\0\0\0\1moov\0\0"s));
    CHECK_FALSE(movie_length(clip_of(0)));
    CHECK_FALSE(movie_length(clip_of(0xffffffff)));
    const auto whole = clip_of(5000);
    CHECK_FALSE(movie_length(std::string_view{whole}.substr(0, 40)));
}

TEST_CASE("every started second is paid") {
    CHECK(paid_seconds(milliseconds{3000}) == 3);
    CHECK(paid_seconds(milliseconds{3001}) == 4);
    CHECK(paid_seconds(milliseconds{1}) == 1);
}
