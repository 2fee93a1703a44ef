#include <doctest/doctest.h>
#include <sys/stat.h>
#include <boost/json/parse.hpp>
#include "whole/work.hpp"

namespace motionspool::whole {
namespace {

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

TEST_CASE("a start with another API key says how many tasks it did not make, and everybody who asks is told what is the matter with them") {
    RigSettings settings;
    settings.simulator = {{"--null-for", "1h"}};  // to every key the tasks are unknown
    Rig rig{settings};
    rig.start();
    const auto list = orders("moved", 2);
    rig.drop("moved", manifest_of("moved", list));
    wait_until("both run", [&] { return rig.states()["running"] == 2; });
    CHECK(rig.jobs().front().as_object().at("trouble").is_null());
    CHECK(rig.stop() == Ended{0, 0});
    test::write_file(rig.folder() / "key", "another-key-0815\n");
    REQUIRE(::chmod((rig.folder() / "key").c_str(), 0600) == 0);
    settings.provider = "api_key_file: " + (rig.folder() / "key").string();
    rig.write_config(settings);
    rig.start();
    CHECK(has(rig.log(), "another API key made 2 submissions that may still have a task"));
    wait_until("it is known that they are not known", [&] {
        for (const auto& row : rig.jobs()) {
            if (row.as_object().at("trouble").is_null()) return false;
        }
        return true;
    });
    const auto name = "moved/" + list[0].id;
    const auto rows = rig.jobs();
    const auto& trouble = rows.front().as_object().at("trouble").as_object();
    CHECK(text_at(trouble, "text") == "the provider does not know this task under the API key in use, which another one may have made");
    CHECK(text_at(trouble, "since").size() >= 20);
    CHECK(text_at(trouble, "until").size() >= 20);
    CHECK(has(rig.run({"show", name}).out, "trouble since "));
    CHECK(has(rig.run({"why", name}).out, "if another key made it, put that back and restart"));
    CHECK(has(rig.run({"status"}).out, "tasks the provider does not know: 2;"));
    CHECK(json::parse(rig.run({"status", "--json"}).out).as_object().at("unknown_tasks").to_number<int>() == 2);
    CHECK(rig.stop() == Ended{0, 0});
    for (const std::string file : {"motionspool.db", "motionspool.db-wal", "motionspool.money"}) {
        const auto bytes = test::read_file(rig.folder() / "state" / file);
        CHECK_FALSE(has(bytes, "another-key-0815"));
        CHECK_FALSE(has(bytes, "canary-key-4711"));
    }
}

}  // namespace
}  // namespace motionspool::whole
