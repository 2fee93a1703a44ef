#include <doctest/doctest.h>
#include <chrono>
#include <set>
#include "domain/manifest.hpp"
#include "domain/names.hpp"

using namespace motionspool;
using namespace motionspool::domain;

namespace {

constexpr std::size_t plenty = 10'000;

JobEntry entry(std::string image, std::string motion) {
    JobEntry job;
    job.image = {std::move(image), {1}};
    job.motion = {std::move(motion), {2}};
    return job;
}
JobEntry entry(std::string id, std::string image, std::string motion, std::size_t at = 0) {
    auto job = entry(std::move(image), std::move(motion));
    job.id = Written{std::move(id), {at}};
    return job;
}
Manifest jobs(std::vector<JobEntry> entries) {
    Manifest manifest;
    manifest.jobs = std::move(entries);
    return manifest;
}
Manifest matrix(std::vector<Written> images, std::vector<Written> motions) {
    Manifest manifest;
    manifest.matrix.emplace();
    manifest.matrix->images = std::move(images);
    manifest.matrix->motions = std::move(motions);
    return manifest;
}
std::vector<std::string> ids(const Expansion& expansion) {
    std::vector<std::string> out;
    for (const auto& job : expansion.jobs) out.push_back(job.id);
    return out;
}
using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a URL has a scheme and ://") {
    for (const auto* text : {"https://a/b", "http://a", "HTTPS://a", "file:///x", "s3+x://b"}) CHECK(is_url(text));
    for (const auto* text : {"", "fox.png", "C:/fox.png", "://x", "a b://c", "1x://c", "/x://y"}) CHECK_FALSE(is_url(text));
}

TEST_CASE("a glob has a star, a question mark or a bracket pair") {
    for (const auto* text : {"*.png", "fox?.png", "fox[12].png", "[a]"}) CHECK(is_glob(text));
    for (const auto* text : {"", "fox.png", "fox[1.png", "fox].png", "fox[].png", "https://a/b?c=*"}) CHECK_FALSE(is_glob(text));
}

TEST_CASE("a job without id is called after its image and motion") {
    const auto out = expand(jobs({entry("cast/fox.png", "wave.mp4"), entry("my fox.png", "https://x.example/jump.mp4?v=1")}), {}, plenty);
    CHECK(ids(out) == Ids{"fox-wave", "my-fox-jump"});
    CHECK(out.complaints.empty());
    CHECK(out.partly_usable);
}

TEST_CASE("derived ids that meet get a number, without regard to case") {
    const auto out = expand(jobs({entry("a/fox.png", "wave.mp4"), entry("b/Fox.png", "wave.mp4"), entry("fox.jpg", "wave.mov")}), {}, plenty);
    CHECK(ids(out) == Ids{"fox-wave", "Fox-wave-2", "fox-wave-3"});
    CHECK(out.complaints.empty());
}

TEST_CASE("a derived id gives way to a written one that stands behind it") {
    const auto out = expand(jobs({entry("fox.png", "wave.mp4"), entry("fox-wave", "bear.png", "wave.mp4")}), {}, plenty);
    CHECK(ids(out) == Ids{"fox-wave-2", "fox-wave"});
    CHECK(out.complaints.empty());
}

TEST_CASE("two written ids that differ in case only are an error at the second") {
    const auto out = expand(jobs({entry("Füchse", "a.png", "b.mp4", 10),
                                  entry("FU\xCC\x88"
                                        "CHSE",
                                        "c.png", "d.mp4", 50),
                                  entry("owl", "c.png", "d.mp4", 70)}),
                            {}, plenty);
    REQUIRE(out.complaints.size() == 1);
    CHECK(out.complaints[0].at == Offset{50});
    CHECK(out.complaints[0].text == "the id \"FÜCHSE\" is used by another job of this manifest; upper and lower case count as the same");
    CHECK(ids(out) == Ids{"Füchse", "FÜCHSE-2", "owl"});
    CHECK(out.jobs[0].invalid.empty());
    CHECK(out.jobs[1].invalid == out.complaints[0].text);
    CHECK(out.partly_usable);
}

TEST_CASE("takes follow their job") {
    auto fox = entry("fox", "fox.png", "wave.mp4");
    fox.takes = 3;
    fox.prompt = "A fox.";
    const auto out = expand(jobs({fox, entry("owl.png", "wave.mp4")}), {}, plenty);
    CHECK(ids(out) == Ids{"fox", "fox-t2", "fox-t3", "owl-wave"});
    for (const auto i : {0u, 1u, 2u}) CHECK(out.jobs[i].prompt == "A fox.");
}

TEST_CASE("a take that meets a written id is an error, a derived one gets a number") {
    auto fox = entry("fox", "fox.png", "wave.mp4", 9);
    fox.takes = 2;
    const auto written = expand(jobs({entry("fox-t2", "a.png", "b.mp4"), fox}), {}, plenty);
    REQUIRE(written.complaints.size() == 1);
    CHECK(written.complaints[0].at == Offset{9});
    CHECK(ids(written) == Ids{"fox-t2", "fox-2", "fox-2-t2"});

    auto derived = entry("fox.png", "wave.mp4");
    derived.takes = 2;
    CHECK(ids(expand(jobs({entry("fox-wave-t2", "a.png", "b.mp4"), derived}), {}, plenty)) == Ids{"fox-wave-t2", "fox-wave-2", "fox-wave-2-t2"});
}

TEST_CASE("an id of full length leaves room for its takes by being cut") {
    auto fox = entry(std::string(100, 'x'), "fox.png", "wave.mp4");
    fox.takes = 2;
    const auto out = expand(jobs({fox}), {}, plenty);
    REQUIRE(out.jobs.size() == 2);
    CHECK(out.jobs[0].id == std::string(100, 'x'));
    CHECK(out.jobs[1].id != out.jobs[0].id);
    CHECK_FALSE(name_problem(out.jobs[1].id).has_value());
}

TEST_CASE("an entry that is bad anyway keeps its reason and gets some id") {
    auto bad = entry("fox wave", "fox.png", "wave.mp4");
    bad.invalid = "the id contains a space";
    const auto out = expand(jobs({bad, entry("", "")}), {}, plenty);
    CHECK(ids(out) == Ids{"fox-wave", "unnamed"});
    CHECK(out.jobs[0].invalid == "the id contains a space");
    CHECK(out.complaints.empty());
}

TEST_CASE("a matrix is the cross product, images first") {
    auto manifest = matrix({{"fox.png", {}}, {"owl.png", {}}}, {{"wave.mp4", {}}, {"jump.mp4", {}}});
    manifest.matrix->mode = Mode::p1080;
    manifest.matrix->prompt = "Felt.";
    const auto out = expand(manifest, {}, plenty);
    CHECK(ids(out) == Ids{"fox-wave", "fox-jump", "owl-wave", "owl-jump"});
    CHECK(out.jobs[3].image.text == "owl.png");
    CHECK(out.jobs[3].motion.text == "jump.mp4");
    CHECK(out.jobs[3].mode == Mode::p1080);
    CHECK(out.jobs[3].prompt == "Felt.");
}

TEST_CASE("prompts of a matrix go into the ids by key or number") {
    auto manifest = matrix({{"fox.png", {}}}, {{"wave.mp4", {}}});
    manifest.matrix->prompts = {{"dawn", "At dawn."}, {"2", "At night."}};
    const auto out = expand(manifest, {}, plenty);
    CHECK(ids(out) == Ids{"fox-wave-dawn", "fox-wave-2"});
    CHECK(out.jobs[0].prompt == "At dawn.");
    CHECK(out.jobs[1].prompt == "At night.");
}

TEST_CASE("a matrix has its own pattern for ids, and takes") {
    auto manifest = matrix({{"fox.png", {}}}, {{"wave.mp4", {}}, {"jump.mp4", {}}});
    manifest.matrix->id = "v2_{motion}.{image}";
    manifest.matrix->takes = 2;
    CHECK(ids(expand(manifest, {}, plenty)) == Ids{"v2_wave.fox", "v2_wave.fox-t2", "v2_jump.fox", "v2_jump.fox-t2"});
    manifest.matrix->id = "{image}";
    CHECK(ids(expand(manifest, {}, plenty)) == Ids{"fox", "fox-t2", "fox-2", "fox-2-t2"});
}

TEST_CASE("a placeholder that stands for nothing is an error where the id is written") {
    auto manifest = matrix({{"fox.png", {}}}, {{"wave.mp4", {}}});
    manifest.matrix->id_at = {33};
    const auto complaint = [&](std::string id) {
        manifest.matrix->id = std::move(id);
        const auto out = expand(manifest, {}, plenty);
        CHECK(out.jobs.empty());
        CHECK_FALSE(out.partly_usable);
        REQUIRE(out.complaints.size() == 1);
        CHECK(out.complaints[0].at == Offset{33});
        return out.complaints[0].text;
    };
    CHECK(complaint("{image}-{movie}") == "unknown placeholder {movie} in the id; expected {image}, {motion} or {prompt}");
    CHECK(complaint("{prompt}") == "{prompt} in the id has nothing to stand for; add `prompt` to the matrix or leave it out");
    CHECK(complaint("{image") == "a single \"{\" in the id; expected {image}, {motion} or {prompt}");
    CHECK(complaint("image}") == "a single \"}\" in the id; expected {image}, {motion} or {prompt}");
}

TEST_CASE("a glob stands for its files; one already named is not taken twice") {
    const auto manifest = matrix({{"cast/b.png", {5}}, {"cast/*.png", {9}}}, {{"wave.mp4", {}}});
    const auto out = expand(manifest, {{"cast/*.png", {"cast/a.png", "cast/b.png", "cast/c.png"}}}, plenty);
    CHECK(ids(out) == Ids{"b-wave", "a-wave", "c-wave"});
    CHECK(out.jobs[0].image == Written{"cast/b.png", {5}});
    CHECK(out.jobs[1].image == Written{"cast/a.png", {9}});
}

TEST_CASE("a glob without a file is an error at its place; one the caller knows as a file is a file") {
    const auto manifest = matrix({{"*.png", {9}}, {"fox[1].png", {20}}}, {{"wave.mp4", {}}});
    const auto out = expand(manifest, {{"*.png", {}}}, plenty);
    REQUIRE(out.complaints.size() == 1);
    CHECK(out.complaints[0].at == Offset{9});
    CHECK(out.complaints[0].text == "\"*.png\" matches no file; check the folder and the spelling");
    CHECK_FALSE(out.partly_usable);
    CHECK(ids(out) == Ids{"fox-1--wave"});
}

TEST_CASE("where no file matches on one side, jobs without it stand for the other side, so that its files are looked at") {
    const auto manifest = matrix({{"*.png", {9}}}, {{"wave.mp4", {}}, {"jump.mp4", {}}});
    const auto out = expand(manifest, {{"*.png", {}}}, plenty);
    REQUIRE(out.jobs.size() == 2);
    CHECK(out.jobs[1].motion.text == "jump.mp4");
    CHECK(out.jobs[1].image.text.empty());
    CHECK_FALSE(out.jobs[1].invalid.empty());
    CHECK(out.complaints.size() == 1);
    CHECK_FALSE(out.partly_usable);
}

TEST_CASE("an empty side of the matrix counts as one, so that it hides no crowd of jobs") {
    auto manifest = matrix({{"*.png", {9}}}, {{"wave.mp4", {}}, {"jump.mp4", {}}});
    manifest.matrix->takes = 6;
    const auto out = expand(manifest, {{"*.png", {}}}, 11);
    CHECK(out.jobs.empty());
    REQUIRE(out.complaints.size() == 2);
    CHECK(out.complaints[1].text == "the manifest stands for 12 jobs; at most 11 are allowed, split it");
}

TEST_CASE("too many jobs are one complaint and no jobs") {
    auto fox = entry("fox", "fox.png", "wave.mp4");
    fox.takes = 10;
    CHECK(expand(jobs({fox}), {}, 10).jobs.size() == 10);
    const auto out = expand(jobs({fox}), {}, 9);
    CHECK(out.jobs.empty());
    REQUIRE(out.complaints.size() == 1);
    CHECK(out.complaints[0].text == "the manifest stands for 10 jobs; at most 9 are allowed, split it");

    auto huge = matrix(std::vector<Written>(5'000, {"a.png", {}}), std::vector<Written>(5'000, {"b.mp4", {}}));
    huge.matrix->takes = 2'000'000'000;
    huge.matrix->prompts.resize(5'000);
    CHECK(expand(huge, {}, plenty).jobs.empty());
}

TEST_CASE("jobs and matrix go together, jobs first") {
    auto manifest = matrix({{"fox.png", {}}}, {{"wave.mp4", {}}});
    manifest.jobs = {entry("fox.png", "wave.mp4")};
    CHECK(ids(expand(manifest, {}, plenty)) == Ids{"fox-wave", "fox-wave-2"});
}

TEST_CASE("ten thousand jobs expand at once, even if all want the same id") {
    std::vector<JobEntry> same(10'000, entry("fox.png", "wave.mp4"));
    const auto out = expand(jobs(std::move(same)), {}, plenty);
    const auto all = ids(out);
    CHECK(std::set<std::string>(all.begin(), all.end()).size() == 10'000);
}

TEST_CASE("whoever wrote all the numbers himself does not slow the search down") {
    std::vector<JobEntry> entries;
    for (int i = 2; i < 5'000; i++) entries.push_back(entry("fox-wave-" + std::to_string(i) + "-t5000", "a.png", "b.mp4"));
    auto fox = entry("fox.png", "wave.mp4");
    fox.takes = 5'000;
    entries.push_back(entry("fox-wave", "a.png", "b.mp4"));
    entries.push_back(fox);
    const auto out = expand(jobs(std::move(entries)), {}, plenty);
    CHECK(out.complaints.empty());
    CHECK(out.jobs.size() == 9'999);
}
