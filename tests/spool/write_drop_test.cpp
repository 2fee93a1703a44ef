#include "spool/write_drop.hpp"
#include "place_for_tests.hpp"

using namespace motionspool;
using namespace motionspool::test;

namespace {
struct World {
    TempSpool spool;
    TempFolder sources;
    [[nodiscard]] spool::DropFile file(const std::string& target, const std::string& content) const {
        static int n = 0;
        const auto path = sources / std::to_string(++n);
        put(path, content);
        UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        REQUIRE(fd);
        return {target, std::move(fd)};
    }
    [[nodiscard]] Result<std::string> write(const std::string& name, std::vector<spool::DropFile> files) const {
        return spool::write_drop(spool.layout.incoming.get(), name, "version: 1\n", std::move(files));
    }
};
}  // namespace

TEST_CASE("a drop appears whole, with its folders") {
    const World world;
    std::vector<spool::DropFile> files;
    files.push_back(world.file("fox.png", "fox"));
    files.push_back(world.file("cast/deep/owl.png", std::string(3'000'000, 'o')));
    CHECK(*world.write("zoo", std::move(files)) == "zoo");
    CHECK(listing(world.spool / "incoming") == std::vector<std::string>{"zoo"});
    CHECK(read_file(world.spool / "incoming/zoo/manifest.yaml") == "version: 1\n");
    CHECK(read_file(world.spool / "incoming/zoo/fox.png") == "fox");
    CHECK(fs::file_size(world.spool / "incoming/zoo/cast/deep/owl.png") == 3'000'000);
    const auto entries = scan_all(world.spool.layout.incoming.get());
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].kind == spool::EntryKind::folder);
}

TEST_CASE("a taken name gets a number") {
    const World world;
    put(world.spool / "incoming/v1.5");
    CHECK(*world.write("v1.5", {}) == "v1.5.2");
    CHECK(*world.write("v1.5", {}) == "v1.5.3");
}

TEST_CASE("a drop that cannot be written leaves nothing behind") {
    const World world;
    for (const auto* const target : {"../out.png", "/etc/x", "a/../../x", "", "manifest.yaml"}) {
        std::vector<spool::DropFile> files;
        files.push_back(world.file("fox.png", "fox"));
        files.push_back(world.file(target, "x"));
        INFO(target);
        CHECK_FALSE(world.write("zoo", std::move(files)).has_value());
        CHECK(listing(world.spool / "incoming").empty());
    }
    std::vector<spool::DropFile> twice;
    twice.push_back(world.file("fox.png", "fox"));
    twice.push_back(world.file("fox.png", "fox"));
    CHECK(world.write("zoo", std::move(twice)).problem().text == "cannot copy fox.png: File exists");
    CHECK(listing(world.spool / "incoming").empty());
}

TEST_CASE("a manifest alone appears whole, under a free name, and leaves nothing else") {
    const World world;
    const auto write = [&] { return spool::write_manifest_alone(world.spool.layout.incoming.get(), "zoo", "version: 1\n"); };
    CHECK(*write() == "zoo.yaml");
    CHECK(*write() == "zoo.2.yaml");
    CHECK(listing(world.spool / "incoming") == std::vector<std::string>{"zoo.2.yaml", "zoo.yaml"});
    CHECK(read_file(world.spool / "incoming/zoo.2.yaml") == "version: 1\n");
    CHECK_FALSE(spool::write_manifest_alone(-1, "zoo", "version: 1\n"));
}
