#include "simulator/window.hpp"
#include <doctest/doctest.h>

using namespace motionspool::simulator;

namespace {
std::string passed(Window window, std::initializer_list<int> arrivals) {
    std::string answers;
    for (const int at : arrivals) answers += window.arrive(milliseconds{at}) ? 'y' : 'n';
    return answers;
}
}  // namespace

TEST_CASE("the window is exact: a place is free again one whole window after its arrival, not a millisecond before") {
    const Window three_a_second{Rate{3, milliseconds{1000}}};
    CHECK(passed(three_a_second, {0, 1, 2, 3}) == "yyyn");
    CHECK(passed(three_a_second, {0, 1, 2, 999, 1000}) == "yyyny");
    CHECK(passed(three_a_second, {0, 500, 999, 1000, 1001, 1499, 1500}) == "yyyynny");
    CHECK(passed(three_a_second, {0, 0, 0, 0, 1000, 1000, 1000, 1000}) == "yyynyyyn");
}

TEST_CASE("an arrival that is refused takes no place") {
    const Window one_a_second{Rate{1, milliseconds{1000}}};
    CHECK(passed(one_a_second, {0, 100, 200, 900, 999, 1000, 1999, 2000}) == "ynnnnyny");
}

TEST_CASE("without a limit everything passes, and the peak of any ten seconds is known") {
    Window open{std::nullopt};
    for (const int at : {0, 1, 2, 9'999, 10'000, 20'500}) CHECK(open.arrive(milliseconds{at}));
    CHECK(open.peak() == 4);
    CHECK(open.count() == 1);
}

TEST_CASE("the peak counts refused arrivals, too") {
    Window window{Rate{2, milliseconds{1000}}};
    for (const int at : {0, 1, 2, 3, 5000}) (void)window.arrive(milliseconds{at});
    CHECK(window.peak() == 4);
    CHECK(window.count() == 1);
}
