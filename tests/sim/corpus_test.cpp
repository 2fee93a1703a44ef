#include <doctest/doctest.h>
#include "config/corpus_file.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"

namespace motionspool::test {
using namespace std::chrono_literals;

TEST_CASE_FIXTURE(World, "every bad manifest of the corpus is rejected with its report, and those beside it are rendered") {
    const auto cases = corpus::read_cases(TESTS_DATA "/bad-manifests.txt");
    start();
    std::size_t good = 0;
    for (std::size_t n = 0; n < cases.size(); n++) {
        if (n % 20 == 0) drop("good-" + std::to_string(++good), 1);
        drop("bad-" + std::to_string(n), cases[n].text, fox_and_wave());
    }
    REQUIRE(rest(2h));
    CHECK(broken_promises() == "");
    CHECK(in_state("done") == good);
    CHECK(provider.tasks.size() == good);
    for (std::size_t n = 0; n < cases.size(); n++) {
        CAPTURE(cases[n].name);
        const auto name = "bad-" + std::to_string(n);
        const auto file = spool("rejected/" + name + ".report.txt");
        REQUIRE(fs::exists(file));
        const auto report = read_file(file);
        for (const auto& line : cases[n].says) {
            CAPTURE(line);
            CHECK(report.find(name + "/manifest.yaml:" + line + "\n") != std::string::npos);
        }
    }
}

}  // namespace motionspool::test
