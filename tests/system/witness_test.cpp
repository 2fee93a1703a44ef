#include "system/witness.hpp"
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <filesystem>
#include "support/temp_folder.hpp"

namespace motionspool::system {
namespace {

using test::TempFolder;

WitnessFacts facts_in(const std::filesystem::path& path) {
    const auto read = read_witness(path);
    REQUIRE(read.has_value());
    REQUIRE(read->has_value());
    return **read;
}

Witness opened(const std::filesystem::path& path, const std::string& state = "s1") {
    auto witness = open_witness(path, state);
    REQUIRE(witness.has_value());
    return std::move(*witness);
}

TEST_CASE("a side-file that is not there is no problem, and is made whole at once") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    const auto none = read_witness(path);
    REQUIRE(none.has_value());
    CHECK_FALSE(none->has_value());
    const auto witness = opened(path);
    CHECK(witness.facts == WitnessFacts{"s1", 0, {}});
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    CHECK(facts.st_size == 262'144);
    CHECK(facts.st_blocks * 512 >= 262'144);
    CHECK((facts.st_mode & 0777) == 0640);
}

TEST_CASE("what is written is read again, by this process and the next") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    auto witness = opened(path);
    for (const auto attempt : {1, 2, 3, 17}) {
        REQUIRE(write_highest(witness, attempt).has_value());
        CHECK(facts_in(path).highest == attempt);
    }
    REQUIRE(write_task(witness, {17, "281e5b0c"}).has_value());
    REQUIRE(write_task(witness, {16, "99aa"}).has_value());
    REQUIRE(write_task(witness, {17, "281e5b0c"}).has_value());
    const WitnessFacts all{"s1", 17, {{17, "281e5b0c"}, {16, "99aa"}}};
    CHECK(facts_in(path) == all);
    auto again = opened(path, "another");
    CHECK(again.facts == all);
    REQUIRE(forget_tasks(again).has_value());
    REQUIRE(write_highest(again, 18).has_value());
    CHECK(facts_in(path) == WitnessFacts{"s1", 18, {}});
    CHECK(test::read_file(path).size() == 262'144);
}

TEST_CASE("wherever a write is torn, the fact before it still holds") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    auto witness = opened(path);
    for (std::int64_t attempt = 1; attempt <= 4; attempt++) {
        const auto before = test::read_file(path);
        REQUIRE(write_highest(witness, attempt).has_value());
        const auto after = test::read_file(path);
        for (std::size_t cut = 0; cut <= 1024; cut++) {  // the first bytes are new, the rest is not: and the other way round
            const auto half = folder.path() / "half";
            test::write_file(half, after.substr(0, cut) + before.substr(cut));
            const auto forward = facts_in(half).highest;
            test::write_file(half, before.substr(0, cut) + after.substr(cut));
            const auto backward = facts_in(half).highest;
            const bool good = (forward == attempt || forward == attempt - 1) && (backward == attempt || backward == attempt - 1);
            if (!good) FAIL("attempt " << attempt << " torn at " << cut << ": " << forward << ", " << backward);
        }
    }
}

TEST_CASE("a torn task counts as not written, and spoils neither the others nor the room behind it") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    auto witness = opened(path);
    for (const auto attempt : {1, 2, 3}) REQUIRE(write_task(witness, {attempt, "task" + std::to_string(attempt)}).has_value());
    auto bytes = test::read_file(path);
    bytes[512 * 3 + 30] ^= 1;
    test::write_file(path, bytes);
    auto again = opened(path);
    CHECK(again.facts.tasks == std::vector<WitnessTask>{{1, "task1"}, {3, "task3"}});
    REQUIRE(write_task(again, {4, "task4"}).has_value());
    CHECK(facts_in(path).tasks == std::vector<WitnessTask>{{1, "task1"}, {3, "task3"}, {4, "task4"}});
}

TEST_CASE("a side-file of which nothing holds is damaged, not an empty one; what cannot be read is a problem") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    for (const auto& bytes : {std::string{}, std::string{"x"}, std::string(262'144, '\0'), std::string(262'144, ' ')}) {
        test::write_file(path, bytes);
        CHECK(facts_in(path).damaged);
        CHECK_FALSE(open_witness(path, "s1").has_value());
    }
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    CHECK_FALSE(read_witness(path).has_value());
    std::filesystem::remove(path);
    test::write_file(path, "x");
    REQUIRE(replace_witness(path, {"s2", 9, {{9, "t"}}}).has_value());
    CHECK(facts_in(path) == WitnessFacts{"s2", 9, {{9, "t"}}});
}

TEST_CASE("what cannot be written is told: a file removed meanwhile, a task that does not fit, no room") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    auto witness = opened(path);
    CHECK_FALSE(write_task(witness, {1, ""}).has_value());
    CHECK_FALSE(write_task(witness, {1, "a b"}).has_value());
    CHECK_FALSE(write_task(witness, {1, std::string(301, 'x')}).has_value());
    for (int n = 0; n < 510; n++) REQUIRE(write_task(witness, {n, std::string(300, 'x')}).has_value());
    CHECK_FALSE(write_task(witness, {510, "t"}).has_value());
    CHECK(facts_in(path).tasks.size() == 510);
    REQUIRE(write_highest(witness, 1).has_value());
    std::filesystem::remove(path);
    CHECK_FALSE(write_highest(witness, 2).has_value());
    CHECK(witness.facts.highest == 1);
}

/// What an earlier version left: 128 blocks.
void make_small(const std::filesystem::path& path, const WitnessFacts& facts) {
    REQUIRE(replace_witness(path, facts).has_value());
    test::write_file(path, test::read_file(path).substr(0, 128 * 512));
}

TEST_CASE("a side-file of an earlier version is replaced by one with more places, and nothing in it is lost") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    WitnessFacts facts{"s1", 400, {}};
    for (int n = 0; n < 126; n++) facts.tasks.push_back({n, "task" + std::to_string(n)});
    make_small(path, facts);
    CHECK(facts_in(path) == facts);
    auto witness = opened(path, "another");
    CHECK(std::filesystem::file_size(path) == 262'144);
    CHECK(witness.facts == facts);
    CHECK(witness.places() == 510 - 126);
    REQUIRE(write_task(witness, {401, "one more"}).has_value() == false);
    REQUIRE(write_task(witness, {401, "onemore"}).has_value());
    REQUIRE(write_highest(witness, 401).has_value());
    CHECK(facts_in(path).tasks.size() == 127);
    CHECK(facts_in(path).highest == 401);
}

TEST_CASE("a side-file that was cut short anywhere behind its first blocks is made whole; in them it is damaged") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    for (const std::size_t bytes : {511U, 512U, 1'000U, 1'024U, 5'000U, 262'143U}) {
        CAPTURE(bytes);
        REQUIRE(replace_witness(path, {"s1", 7, {{7, "t"}}}).has_value());
        test::write_file(path, test::read_file(path).substr(0, bytes));
        const auto witness = open_witness(path, "s1");
        REQUIRE(witness.has_value() == (bytes >= 512));
        if (bytes >= 512) CHECK(witness->facts == WitnessFacts{"s1", 7, bytes >= 1'536 ? std::vector<WitnessTask>{{7, "t"}} : std::vector<WitnessTask>{}});
        if (bytes >= 512) CHECK(test::read_file(path).size() == 262'144);
    }
}

TEST_CASE("where a small side-file cannot be replaced it goes on with the places it has") {
    TempFolder folder;
    const auto path = folder.path() / "money";
    make_small(path, {"s1", 3, {{3, "t"}}});
    std::filesystem::create_directory(folder.path() / ".money.tmp");  // in the way of the new one
    auto witness = opened(path);
    CHECK(witness.places() == 125);
    REQUIRE(write_highest(witness, 4).has_value());
    for (int n = 0; n < 125; n++) REQUIRE(write_task(witness, {n, "task" + std::to_string(n)}).has_value());
    CHECK(witness.places() == 0);
    CHECK_FALSE(write_task(witness, {125, "u"}).has_value());
    CHECK(std::filesystem::file_size(path) == 65'536);
    CHECK(facts_in(path).tasks.size() == 126);
}

}  // namespace
}  // namespace motionspool::system
