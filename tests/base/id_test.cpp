#include "base/id.hpp"
#include <doctest/doctest.h>
#include <type_traits>
#include "base/result.hpp"

using namespace motionspool;

TEST_CASE("ids of different things do not mix") {
    static_assert(!std::is_convertible_v<JobId, BatchId> && !std::is_constructible_v<JobId, BatchId> && !std::is_convertible_v<std::int64_t, JobId>);
    CHECK(JobId{3} < JobId{4});
    CHECK(JobId{3}.value() == 3);
}

TEST_CASE("a result holds a value or its problem") {
    const Result<int> good{7};
    CHECK(good.has_value());
    CHECK(*good == 7);
    const Result<int> bad{Problem{"the file fox.png does not exist"}};
    CHECK_FALSE(bad.has_value());
    CHECK(bad.problem().text == "the file fox.png does not exist");
    CHECK_THROWS_WITH_AS((void)bad.value(), "the file fox.png does not exist", std::logic_error);
}
