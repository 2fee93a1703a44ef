#include "simulator/faults.hpp"
#include <doctest/doctest.h>
#include <set>
#include "simulator/options.hpp"

using namespace motionspool::simulator;

TEST_CASE("every fault has a name of its own and an explanation") {
    std::set<std::string_view> names;
    for (const auto& row : fault_table()) {
        CHECK(names.insert(row.name).second);
        CHECK(fault_named(row.name) == row.fault);
        CHECK_FALSE(row.what.empty());
        CHECK_FALSE(to_string(row.stage).empty());
    }
    CHECK(names.size() == fault_count);
}

TEST_CASE("frequencies are rates or every n-th time") {
    CHECK(parse_frequency("0.05").value() == Frequency{50'000, 0});
    CHECK(parse_frequency("1").value() == Frequency{1'000'000, 0});
    CHECK(parse_frequency("1.0").value() == Frequency{1'000'000, 0});
    CHECK(parse_frequency("0").value() == Frequency{0, 0});
    CHECK(parse_frequency("every:10").value() == Frequency{0, 10});
    for (const auto* bad : {"", "2", "1.5", "-1", "0.", ".", "x", "every:", "every:0", "every:x", "0.1x"}) CHECK_FALSE(parse_frequency(bad).has_value());
}

TEST_CASE("a slip in a fault's name is answered with the name that was meant") {
    CHECK(parse_fault("lost-answer=0.5").value() == std::pair{Fault::lost_answer, Frequency{500'000, 0}});
    CHECK(parse_fault("lost-anwser=0.5").problem().text.find("did you mean 'lost-answer'") != std::string::npos);
    CHECK(parse_fault("lost-answer").problem().text.find("NAME=RATE") != std::string::npos);
    CHECK(parse_fault("lost-answer=often").problem().text.find("frequency") != std::string::npos);
}

TEST_CASE("marks are read from a prompt, with the number of times they strike") {
    const auto marks = read_marks("A fox [sim:stuck] waves [sim:poll-500*2].").value();
    REQUIRE(marks.size() == 2);
    CHECK(marks[0].fault == Fault::stuck);
    CHECK_FALSE(marks[0].times.has_value());
    CHECK(marks[1].fault == Fault::poll_500);
    CHECK(marks[1].times == 2);
    CHECK(read_marks("no marks [here]").value().empty());
    CHECK_FALSE(read_marks("[sim:nonsense]").has_value());
    CHECK_FALSE(read_marks("[sim:stuck").has_value());
    CHECK_FALSE(read_marks("[sim:stuck*]").has_value());
}

TEST_CASE("every third time is every third time, and only in its own stage") {
    FaultPlan plan{1};
    plan.set(Fault::lost_answer, Frequency{0, 3});
    std::string struck;
    for (int i = 0; i < 7; ++i) {
        CHECK(plan.draw(Stage::poll).none());
        struck += plan.draw(Stage::answer).any() ? 'x' : '.';
    }
    CHECK(struck == "..x..x.");
}

TEST_CASE("a rate strikes about as often as it says, and the same seed strikes the same") {
    const auto count = [](std::uint64_t seed) {
        FaultPlan plan{seed};
        plan.set(Fault::stuck, Frequency{100'000, 0});
        int struck = 0;
        for (int i = 0; i < 10'000; ++i) struck += has(plan.draw(Stage::task), Fault::stuck) ? 1 : 0;
        return struck;
    };
    CHECK(count(1) > 850);
    CHECK(count(1) < 1150);
    CHECK(count(1) == count(1));
}

TEST_CASE("a mark with a number strikes so many times, one without always") {
    FaultPlan plan{1};
    const std::vector<Mark> marks{{Fault::poll_500, 2}, {Fault::poll_404, std::nullopt}};
    std::map<Fault, int> used;
    std::string struck;
    for (int i = 0; i < 4; ++i) {
        const auto drawn = plan.draw(Stage::poll, marks, used);
        struck += has(drawn, Fault::poll_500) ? 'x' : '.';
        CHECK(has(drawn, Fault::poll_404));
        CHECK(plan.draw(Stage::upload, marks, used).none());
    }
    CHECK(struck == "xx..");
}

TEST_CASE("spans and rates are read from the command line") {
    CHECK(parse_span("2s..6s").value() == Span{milliseconds{2000}, milliseconds{6000}});
    CHECK(parse_span("100ms").value() == Span{milliseconds{100}, milliseconds{100}});
    for (const auto* bad : {"", "2", "6s..2s", "2s..", "..2s", "2s-6s"}) CHECK_FALSE(parse_span(bad).has_value());
    CHECK(parse_rate("20 per 10s").value() == Rate{20, milliseconds{10'000}});
    CHECK_FALSE(parse_rate("none").value().has_value());
    for (const auto* bad : {"", "20", "per 10s", "x per 10s", "20 per", "20 per 0s", "-1 per 1s", "20/10s"}) CHECK_FALSE(parse_rate(bad).has_value());
}
