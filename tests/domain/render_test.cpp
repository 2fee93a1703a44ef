#include "domain/render.hpp"
#include <doctest/doctest.h>
#include <array>
#include <set>

namespace motionspool::domain {
namespace {

Render fox() { return {.model = "kling", .image = "aa", .motion = "bb", .prompt = "A fox waves."}; }

Credits credits(int n) { return Credits::whole(n); }

}  // namespace

TEST_CASE("what is rendered is the same exactly if every part of it is") {
    std::set<std::string> texts{text_of(fox())};
    CHECK_FALSE(texts.insert(text_of(fox())).second);
    const auto another = [&](const Render& render) { CHECK(texts.insert(text_of(render)).second); };
    const auto with = [](auto change) {
        auto render = fox();
        change(render);
        return render;
    };
    another(with([](Render& r) { r.model = "kling-3"; }));
    another(with([](Render& r) { r.image = "a"; }));
    another(with([](Render& r) { r.motion = "b"; }));
    another(with([](Render& r) { std::swap(r.image, r.motion); }));
    another(with([](Render& r) { r.prompt = "A fox waves. "; }));
    another(with([](Render& r) { r.prompt = " A fox waves."; }));
    another(with([](Render& r) { r.prompt = "A fox  waves."; }));
    another(with([](Render& r) { r.prompt = "a fox waves."; }));
    another(with([](Render& r) { r.prompt = ""; }));
    another(with([](Render& r) { r.mode = Mode::p1080; }));
    another(with([](Render& r) { r.stage = Stage::draft; }));
    another(with([](Render& r) { r.orientation = Orientation::image; }));
    // parts that run into each other
    another(with([](Render& r) { r.image = "aab", r.motion = "b"; }));
    another(with([](Render& r) { r.motion = "bb\n12:A fox waves.\n", r.prompt = ""; }));
    CHECK(text_of(with([](Render& r) { r.prompt = "A fox waves.\n\n"; })) == text_of(fox()));
    another(with([](Render& r) { r.prompt = "A fox waves.\n "; }));
    another(with([](Render& r) { r.prompt = "A fox\nwaves."; }));
    // a draft and its final are one job
    CHECK(text_of(with([](Render& r) { r.stage = Stage::draft; })) == text_of(with([](Render& r) { r.stage = Stage::final, r.mode = Mode::p1080; })));
}

TEST_CASE("a drop is its renders, each as often as it is there, in whatever order; another run, and another batch appended to, are another") {
    CHECK(text_of_drop({"x", "y", "x"}) == text_of_drop({"y", "x", "x"}));
    CHECK(text_of_drop({"x", "y"}) != text_of_drop({"x", "y", "x"}));
    CHECK(text_of_drop({"x", "y"}) != text_of_drop({"x"}));
    const std::set<std::string> texts{
        text_of_run("d", 1), text_of_run("d", 2), text_of_run("d1", 1), text_of_run("d", 11), text_of_run("d", 1, BatchId{1}), text_of_run("d", 1, BatchId{2})};
    CHECK(texts.size() == 6);
}

TEST_CASE("equal entries are told in groups, with what all but the first cost; takes are meant, and bad jobs equal nothing") {
    const std::array<EqualJob, 9> jobs{{{"fox", false, credits(44)},
                                        {"owl", false, credits(44)},
                                        {"fox", false, credits(44)},
                                        {"fox", true, credits(44)},
                                        {"", false, credits(9)},
                                        {"", false, credits(9)},
                                        {"bear", false, credits(55)},
                                        {"bear", true, credits(55)},
                                        {"owl", false, credits(44)}}};
    const auto groups = equal_jobs(jobs);
    REQUIRE(groups.size() == 2);
    CHECK(groups[0].entries == std::vector<std::size_t>{0, 2});
    CHECK(groups[0].jobs == 3);
    CHECK(groups[0].cost == credits(88));
    CHECK(groups[1].entries == std::vector<std::size_t>{1, 8});
    CHECK(groups[1].cost == credits(44));
}

TEST_CASE("a group of many is named by the first of it") {
    const std::array<std::string_view, 7> names{"a", "b", "c", "d", "e", "f", "g"};
    CHECK(some_of(std::span{names}.first(1)) == "\"a\"");
    CHECK(some_of(std::span{names}.first(2)) == "\"a\" and \"b\"");
    CHECK(some_of(std::span{names}.first(5)) == "\"a\", \"b\", \"c\", \"d\" and \"e\"");
    CHECK(some_of(names) == "\"a\", \"b\", \"c\", \"d\" and 3 more");
}

TEST_CASE("what is said of repeats names them, their price, and how to mean it") {
    const std::array<std::string_view, 2> names{"fox-wave", "Copy-of-fox-wave"};
    CHECK(equal_jobs_text(names, 2, credits(55)) ==
          "the jobs \"fox-wave\" and \"Copy-of-fox-wave\" render the same (equal image, motion, prompt, mode and orientation); the repeats cost 55 credits; "
          "leave them out, or write `takes: 2` in one job if they are meant");
    CHECK(known_jobs_text(names, 5, "spring", credits(110)) ==
          "2 of 5 jobs (\"fox-wave\" and \"Copy-of-fox-wave\") would render what batch \"spring\" renders already (equal image, motion, prompt, mode and "
          "orientation), for 110 credits; leave them out if that is not meant");
    CHECK(twin_text("fox", false, 3).find("accepted as batch \"fox\" already") != std::string::npos);
    CHECK(twin_text("fox", true, 3).find("appended to batch \"fox\" already") != std::string::npos);
    CHECK(twin_text("fox", false, 3).ends_with("write `run: 3` into it"));
}

}  // namespace motionspool::domain
