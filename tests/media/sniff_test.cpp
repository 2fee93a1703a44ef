#include "media/sniff.hpp"
#include <doctest/doctest.h>
#include <algorithm>
#include <random>
#include "bytes.hpp"

using namespace motionspool;
using domain::Format;

namespace {
media::Sniffed sniff(std::string_view bytes) { return media::sniff(media::reader_of(bytes), bytes.size()); }

/// A JPEG with an EXIF segment that holds nothing but an orientation.
std::string turned_jpeg(char orientation, bool little) {
    using test::big_endian_bytes;
    std::string tiff = little ? std::string{"II\x2a\0\x08\0\0\0\1\0\x12\1\3\0\1\0\0\0", 18} + orientation + std::string(7, '\0')
                              : std::string{"MM\0\x2a\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0", 19} + orientation + std::string(6, '\0');
    const auto body = std::string{"Exif\0\0", 6} + tiff;
    const auto jpeg = test::data("good.jpg");
    return jpeg.substr(0, 2) + "\xff\xe1" + big_endian_bytes(body.size() + 2, 2) + body + jpeg.substr(2);
}
}  // namespace

TEST_CASE("the content decides what a file is") {
    struct Row {
        const char* name;
        Format format;
    };
    const Row table[] = {{"good.jpg", Format::jpeg},      {"good.png", Format::png},      {"clip.mp4", Format::mp4},
                         {"clip.mov", Format::quicktime}, {"clip.mkv", Format::matroska}, {"clip.webm", Format::webm},
                         {"fragmented.mp4", Format::mp4}, {"garbage.bin", Format::other}, {"picture.gif", Format::other}};
    for (const auto& row : table) {
        INFO(row.name);
        const auto found = sniff(test::data(row.name));
        CHECK(found.format == row.format);
        CHECK(found.complete);
    }
}

TEST_CASE("every cut of a JPEG, PNG, MP4, Matroska or WebM file is noticed") {
    for (const auto* const name : {"good.jpg", "good.png", "clip.mp4", "clip.mkv", "clip.webm"}) {
        const auto whole = test::data(name);
        const auto first = sniff(std::string_view{whole}.substr(0, 64)).format;
        for (std::size_t length = 64; length < whole.size(); length += 7) {
            const auto cut = sniff(std::string_view{whole}.substr(0, length));
            REQUIRE_MESSAGE(!cut.complete, name, " cut to ", length);
            REQUIRE(cut.format == first);
        }
    }
}

TEST_CASE("an image that was preallocated and is half written is not complete") {
    auto jpeg = test::data("good.jpg");
    std::fill(jpeg.begin() + 5000, jpeg.end(), '\0');
    CHECK_FALSE(sniff(jpeg).complete);
    auto png = test::data("good.png");
    std::fill(png.begin() + 1000, png.end(), '\0');
    CHECK_FALSE(sniff(png).complete);
}

TEST_CASE("a video that was preallocated and is half written is not complete, wherever its container shows it") {
    struct Row {
        const char* name;
        std::size_t until;  ///< whatever comes before it, zeros from there on are noticed
    };
    const auto fragmented = test::data("fragmented.mp4");
    const Row table[] = {{"clip.mkv", 26'000}, {"clip.webm", 11'400}, {"clip-moov-last.mp4", 26'500}, {"clip.mov", 26'550}, {"fragmented.mp4", 26'860}};
    for (const auto& row : table) {
        const auto whole = test::data(row.name);
        for (std::size_t written = 64; written < row.until; written += 101) {
            auto bytes = whole;
            std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(written), bytes.end(), '\0');
            REQUIRE_MESSAGE(!sniff(bytes).complete, row.name, " written up to ", written);
        }
    }
    auto no_index = fragmented.substr(0, 26'867);
    CHECK(sniff(no_index).complete);
    std::fill(no_index.end() - 5000, no_index.end(), '\0');
    CHECK_FALSE(sniff(no_index).complete);
}

TEST_CASE("zeros that honest writers leave are no hole") {
    const auto moov = test::mvhd(1000, 4200);
    const auto ftyp = test::box("ftyp", "isom"), mdat = test::box("mdat", std::string(9000, 'x'));
    CHECK(sniff(ftyp + test::box("moov", moov) + mdat + test::box("free", std::string(9000, '\0'))).complete);                     // room for tags
    CHECK(sniff(ftyp + mdat + test::box("moov", moov + test::box("udta", test::box("free", std::string(9000, '\0'))))).complete);  // the same, as iTunes does
    CHECK(sniff(ftyp + mdat + test::box("moov", moov + std::string(8, '\0'))).complete);
    CHECK(sniff(ftyp + test::box("moov", moov) + test::box("mdat", "x" + std::string(9000, '\0'))).complete);  // silence, for all that the boxes say
    CHECK_FALSE(sniff(ftyp + mdat + test::box("moov", moov + std::string(9000, '\0'))).complete);
    CHECK(sniff(test::data("silence.mov")).complete);
}

TEST_CASE("a file that is empty, or zeros so far, is one whose bytes are still to come") {
    CHECK_FALSE(sniff("").complete);
    CHECK_FALSE(sniff(std::string(10'000, '\0')).complete);
    CHECK(sniff("hello").complete);
    CHECK(sniff(test::data("clip.mkv").substr(0, 6)).format == Format::matroska);
    CHECK_FALSE(sniff(test::data("clip.mkv").substr(0, 6)).complete);
    const auto foreign = sniff(
        "\x1a\x45\xdf\xa3\x88\x42\x82\x85"
        "quark");
    CHECK(foreign.format == Format::other);
    CHECK(foreign.complete);
}

TEST_CASE("what follows the end of a picture is nobody's business") {
    CHECK(sniff(test::data("good.jpg") + "a motion photo's clip").complete);
    CHECK(sniff(test::data("good.png") + "trailer").complete);
}

TEST_CASE("EXIF turns a picture") {
    for (const bool little : {false, true}) {
        CHECK_FALSE(sniff(turned_jpeg(1, little)).sideways);
        CHECK_FALSE(sniff(turned_jpeg(3, little)).sideways);
        CHECK(sniff(turned_jpeg(6, little)).sideways);
        CHECK(sniff(turned_jpeg(8, little)).sideways);
        CHECK(sniff(turned_jpeg(8, little)).complete);
    }
}

TEST_CASE("photographs and videos in the boxes of MP4 are told apart") {
    CHECK(sniff(test::box("ftyp", "heic") + test::box("mdat", "")).format == Format::other);
    CHECK(sniff(test::box("ftyp", "avif") + test::box("mdat", "")).format == Format::other);
}

TEST_CASE("scrambled files are walked to an end") {
    std::mt19937 random{7};
    for (const auto* const name : {"good.jpg", "good.png", "clip.mp4", "clip.mkv", "clip.webm", "fragmented.mp4"}) {
        const auto whole = test::data(name);
        for (int n = 0; n < 200; ++n) {
            auto bytes = whole;
            for (int hits = 0; hits < 8; ++hits) bytes[random() % std::min<std::size_t>(bytes.size(), 1024)] = static_cast<char>(random());
            const auto found = sniff(bytes);
            REQUIRE((found.format == sniff(bytes).format && found.complete == sniff(bytes).complete));
        }
    }
}

TEST_CASE("boxes and clusters within one another are not followed down forever") {
    std::string boxes = test::box("free", ""), clusters = "x";
    for (int i = 0; i < 20'000; ++i) {
        boxes = test::big_endian_bytes(boxes.size() + 8, 4) + "trak" + boxes;
        clusters = "\x1f\x43\xb6\x75\x10" + test::big_endian_bytes(clusters.size(), 3) + clusters;
    }
    CHECK(sniff(test::box("ftyp", "isom") + test::box("mdat", "frames") + test::box("moov", boxes)).complete);
    const auto header = test::big_endian_bytes(0x1a45dfa3, 4) + "\x8b" + test::big_endian_bytes(0x4282, 2) + "\x88" + "matroska";
    CHECK(sniff(header + test::big_endian_bytes(0x18538067, 4) + "\x10" + test::big_endian_bytes(clusters.size(), 3) + clusters).complete);
}

TEST_CASE("a segment of unknown size is complete if its children are") {
    using test::big_endian_bytes;
    const auto header = big_endian_bytes(0x1a45dfa3, 4) + "\x8b" + big_endian_bytes(0x4282, 2) + "\x88" + "matroska";
    const auto segment = big_endian_bytes(0x18538067, 4) + "\x01" + std::string(7, '\xff');
    const auto child = big_endian_bytes(0x1549a966, 4) + "\x84" + "info";
    CHECK(sniff(header + segment + child).complete);
    const auto known = big_endian_bytes(0x18538067, 4) + "\x10" + big_endian_bytes(child.size() + 40, 3);
    CHECK_FALSE(sniff(header + known + child + std::string(40, '\0')).complete);
    CHECK(sniff(header + known + child + "\xec\xa6" + std::string(38, '\0')).complete);  // a Void, room for what is written later
    CHECK(sniff(header + segment + child).format == Format::matroska);
    CHECK_FALSE(sniff(header + segment + child.substr(0, child.size() - 1)).complete);
}
