#include "media/mp4_walk.hpp"
#include <doctest/doctest.h>
#include "bytes.hpp"

using namespace motionspool;
using namespace std::chrono_literals;
using motionspool::test::big_endian_bytes;
using motionspool::test::box;
using motionspool::test::mvhd;

namespace {
media::Mp4Walk walk(std::string_view bytes) { return media::walk_mp4(media::reader_of(bytes), bytes.size()); }
const std::string ftyp = box("ftyp", "isom");
const std::string moov = box("moov", box("free", "") + mvhd(1000, 4200));
}  // namespace

TEST_CASE("a whole MP4 has its boxes, its length, and ends where the file ends") {
    const auto found = walk(ftyp + moov + box("mdat", "frames"));
    CHECK(found.complete());
    CHECK(found.ftyp);
    CHECK_FALSE(found.quicktime);
    CHECK(found.duration == 4200ms);
}

TEST_CASE("the index may come last") { CHECK(walk(ftyp + box("mdat", "frames") + moov).complete()); }

TEST_CASE("every cut of a fast-start MP4 is noticed") {
    const auto whole = ftyp + moov + box("mdat", std::string(100, 'x'));
    for (std::size_t length = 0; length < whole.size(); ++length) {
        INFO("cut to ", length);
        CHECK_FALSE(walk(std::string_view{whole}.substr(0, length)).complete());
    }
}

TEST_CASE("bytes behind the last box are noticed, zeros as well") {
    const auto whole = ftyp + moov + box("mdat", "frames");
    CHECK_FALSE(walk(whole + "junk").ends_at_eof);
    CHECK_FALSE(walk(whole + std::string(64, '\0')).ends_at_eof);
}

TEST_CASE("a part that is missing altogether is noticed") {
    CHECK_FALSE(walk(ftyp + moov).complete());
    CHECK_FALSE(walk(ftyp + box("mdat", "frames")).complete());
    CHECK_FALSE(walk("").complete());
}

TEST_CASE("the brand, or having none, makes it QuickTime") {
    CHECK(walk(box("ftyp", "qt  ") + moov + box("mdat", "")).quicktime);
    const auto old = walk(moov + box("mdat", ""));
    CHECK(old.quicktime);
    CHECK(old.complete());
}

TEST_CASE("a box may say its size in 64 bits, and the last one that it goes on to the end") {
    const auto wide = big_endian_bytes(1, 4) + "mdat" + big_endian_bytes(16 + 6, 8) + "frames";
    CHECK(walk(ftyp + moov + wide).complete());
    CHECK(walk(ftyp + moov + big_endian_bytes(0, 4) + "mdat" + "frames").complete());
}

TEST_CASE("sizes that lie end the walk and nothing else") {
    for (const auto& liar :
         {big_endian_bytes(7, 4) + "mdat", big_endian_bytes(0xffffffff, 4) + "mdat", big_endian_bytes(1, 4) + "mdat" + big_endian_bytes(15, 8),
          big_endian_bytes(1, 4) + "mdat" + big_endian_bytes(~std::uint64_t{0}, 8), big_endian_bytes(8, 4) + std::string(4, '\0')}) {
        const auto found = walk(ftyp + moov + liar);
        CHECK(found.moov);
        CHECK_FALSE(found.complete());
    }
}

TEST_CASE("lengths: 64 bits, unknown, zero, and a time scale of nothing") {
    const auto of = [](const std::string& header) { return walk(ftyp + box("moov", header) + box("mdat", "")).duration; };
    const auto wide = [](std::uint64_t duration) {
        return box("mvhd", "\1" + std::string(19, '\0') + big_endian_bytes(600, 4) + big_endian_bytes(duration, 8) + std::string(80, '\0'));
    };
    CHECK(of(wide(601 * 10)) == 10'016ms);
    CHECK_FALSE(of(wide(~std::uint64_t{0})).has_value());
    CHECK_FALSE(of(mvhd(1000, 0xffffffff)).has_value());
    CHECK_FALSE(of(mvhd(1000, 0)).has_value());
    CHECK_FALSE(of(mvhd(0, 1000)).has_value());
    CHECK_FALSE(of(box("mvhd", "short")).has_value());
}

TEST_CASE("a file of nothing but tiny boxes is not walked forever") {
    std::string many;
    for (int i = 0; i < 20'000; ++i) many += box("free", "");
    CHECK_FALSE(walk(many).ends_at_eof);
}

TEST_CASE("what ffmpeg writes is understood") {
    for (const auto* const name : {"clip.mp4", "clip-moov-last.mp4", "clip.mov"}) {
        INFO(name);
        const auto found = walk(test::data(name));
        CHECK(found.complete());
        CHECK(found.duration == 4000ms);
    }
    CHECK(walk(test::data("fragmented.mp4")).complete());
    CHECK_FALSE(walk(test::data("cut.mp4")).complete());
}
