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
    CHECK(facts.st_size == 65'536);
    CHECK(facts.st_blocks * 512 >= 65'536);
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
    CHECK(test::read_file(path).size() == 65'536);
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
    for (const auto& bytes : {std::string{}, std::string{"x"}, std::string(65'536, '\0'), std::string(65'536, ' ')}) {
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
    for (int n = 0; n < 126; n++) REQUIRE(write_task(witness, {n, std::string(300, 'x')}).has_value());
    CHECK_FALSE(write_task(witness, {126, "t"}).has_value());
    CHECK(facts_in(path).tasks.size() == 126);
    REQUIRE(write_highest(witness, 1).has_value());
    std::filesystem::remove(path);
    CHECK_FALSE(write_highest(witness, 2).has_value());
    CHECK(witness.facts.highest == 1);
}

}  // namespace
}  // namespace motionspool::system
