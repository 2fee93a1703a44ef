#include <chrono>
#include <random>
#include "config/report.hpp"
#include "corpus.hpp"

using namespace motionspool;
using namespace motionspool::config;

namespace {

constexpr std::string_view good = R"(version: 1   # c
batch: "spring-ö"
priority: 5
note: 'it''s'
labels: {project: "4711", b: c}
defaults:
  mode: 1080p
  prompt: >
    Studio light,
    felt.
jobs:
  - id: fox-wave
    image: fox.png
    motion: https://cdn.example/wave.mp4
    seconds: 6.5
    takes: 3
  - {image: "a\tb.png", motion: 'b.mp4'}
matrix:
  image: [fox.png, "cast/*.png"]
  motion: [wave.mp4]
  prompt: {dawn: At dawn., night: At night.}
  id: "{image}-{prompt}"
)";

/// Reads a text as both kinds of file, and holds the answers against what they promise.
void read(std::string_view text) {
    const auto manifest = read_manifest(text, {}, {});
    CHECK(manifest.manifest.has_value() != any_error(manifest.complaints));
    for (const auto& complaint : manifest.complaints) CHECK(complaint.at.byte <= text.size());
    CHECK(to_lines(manifest.complaints, "m", text).size() == manifest.complaints.size());
    if (manifest.manifest) CHECK(domain::expand(*manifest.manifest, {}, 100).jobs.size() <= 100);
    const auto loaded = parse_config(text);
    for (const auto& complaint : loaded.complaints) CHECK(complaint.at.byte <= text.size());
}

std::string repeated(std::string_view text, std::size_t bytes) {
    std::string out;
    while (out.size() + text.size() <= bytes) out += text;
    return out;
}

}  // namespace

TEST_CASE("the text to be mutated is good") { CHECK(read_manifest(good, {}, {}).complaints.empty()); }

TEST_CASE("every beginning of a manifest is read or refused in peace") {
    for (std::size_t length = 0; length < good.size(); length++) read(good.substr(0, length));
}

TEST_CASE("every manifest with a piece cut out is read or refused in peace") {
    for (std::size_t at = 0; at < good.size(); at++) read(std::string{good.substr(0, at)} += good.substr(std::min(at + 3, good.size())));
}

TEST_CASE("manifests with single bytes changed are read or refused in peace") {
    std::mt19937 random{20261124};
    constexpr std::string_view interesting = "\n\r\t \"'[]{}:,-#&*!|>%@`?~\\.0aZ\x80\xC3\xFF\x01";
    for (int i = 0; i < 4'000; i++) {
        std::string text{good};
        const auto at = random() % text.size();
        switch (random() % 3) {
            case 0: text[at] = interesting[random() % interesting.size()]; break;
            case 1: text.insert(at, 1, interesting[random() % interesting.size()]); break;
            case 2: text[at] = static_cast<char>(random() % 256); break;
        }
        read(text);
    }
}

TEST_CASE("random heaps of YAML's signs are read or refused in peace") {
    std::mt19937 random{4711};
    constexpr std::string_view signs = "\n\n  \"'[]{}::,,--#&*!|>?~ab1";
    for (int i = 0; i < 4'000; i++) {
        std::string text = i % 2 == 0 ? "" : "version: 1\njobs:\n  - ";
        for (auto n = random() % 40; n > 0; n--) text += signs[random() % signs.size()];
        read(text);
    }
}

TEST_CASE("aliases cannot make much of little") {
    std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
    for (char c = 'b'; c < 'z'; c++) bomb += std::string{c} + ": &" + c + " [" + repeated(std::string{"*"} + static_cast<char>(c - 1) + ", ", 36) + "]\n";
    const auto bombed = read_manifest(bomb, {}, {});
    CHECK_FALSE(bombed.manifest.has_value());
    CHECK_FALSE(read_manifest("a: &a [*a]\n", {}, {}).manifest.has_value());
    CHECK_FALSE(read_manifest("&a a: *a\n", {}, {}).manifest.has_value());
}

TEST_CASE("nothing of a quarter megabyte takes long, whatever it is made of") {
#if defined(MOTIONSPOOL_SANITIZED)
    constexpr std::size_t bytes = 50'000;
#else
    constexpr std::size_t bytes = 250'000;
#endif
    for (const auto* piece : {"[",     "{",      "- ",   "? ",  "*a ", "'",    "\"", ",",  ":",  "\n",  "#",     "a",      "a ",           "[a,",  "{a: b,",
                              "- a\n", "a: b\n", "a:\n", "&a ", "!x ", "|\n ", "[]", "{}", "''", "{a,", "? a\n", "k: |\n", "\xE2\x80\x9C", "---\n"}) {
        CAPTURE(piece);
        const auto text = repeated(piece, bytes);
        const auto read = read_manifest(text, {}, {});
        CHECK_FALSE(read.manifest.has_value());
        CHECK(to_lines(read.complaints, "m", text).size() <= Report::most + 1);
    }
}

TEST_CASE("ten thousand jobs are read at once, and as many errors, also on one line") {
    std::string good_one = "version: 1\njobs:\n", bad_one = "{version: 1, jobs: [";
    for (int i = 0; i < 10'000; i++) {
        const auto number = std::to_string(i);
        good_one += "  - id: fox-" + number + "\n    image: cast/fox" + number + ".png\n    motion: wave.mp4\n    prompt: A felt fox.\n";
        bad_one += "{id: fox-" + number + ", image: f" + number + ".png, motion: w.mp4, promt: x}, ";
    }
    const auto read = read_manifest(good_one, {}, {});
    REQUIRE(read.manifest.has_value());
    CHECK(read.manifest->jobs.size() == 10'000);
    const auto bad = read_manifest(bad_one + "]}", {}, {});
    CHECK(to_lines(bad.complaints, "m", bad_one).size() == 10'000);
}
