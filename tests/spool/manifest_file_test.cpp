#include "spool/manifest_file.hpp"
#include "place_for_tests.hpp"

using namespace motionspool;
using namespace motionspool::test;
using spool::OpenedInput;
using spool::Refusal;
using Why = spool::Refusal::Why;

TEST_CASE("the manifest of a folder is found under every name it may have") {
    for (const auto* const name : {"manifest.yaml", "manifest.yml", "Manifest.YAML", "MANIFEST.yml", "manifest.yaml.txt"}) {
        const TempFolder folder;
        put(folder / name, "version: 1");
        put(folder / "other.yaml");
        const auto fd = folder_fd(folder.path());
        const auto outcome = spool::open_manifest(fd.get());
        REQUIRE(std::holds_alternative<OpenedInput>(outcome));
        const auto& opened = std::get<OpenedInput>(outcome);
        CHECK(opened.path == name);
        CHECK(spool::read_all(opened.fd.get(), 100).value() == "version: 1");
        CHECK(opened.warning.empty() != std::string_view{name}.ends_with(".txt"));
    }
}

TEST_CASE("none is missing, with a hint; several are ambiguous") {
    const TempFolder folder;
    const auto fd = folder_fd(folder.path());
    const auto refusal = [&] { return std::get<Refusal>(spool::open_manifest(fd.get())); };
    CHECK(refusal().why == Why::missing);
    put(folder / "jobs.yaml");
    CHECK(refusal().text == "the folder has no manifest; expected a file manifest.yaml in it; rename \"jobs.yaml\" if that is the manifest");
    fs::remove(folder / "jobs.yaml");
    put(folder / "fox/manifest.yaml");
    CHECK(refusal().text == "the folder has no manifest; expected a file manifest.yaml in it; the folder \"fox\" in it has one: drop that folder");
    put(folder / "manifest.yaml");
    put(folder / "Manifest.yml");
    CHECK(refusal().why == Why::ambiguous);
    CHECK(refusal().text == "the folder has several manifests (Manifest.yml, manifest.yaml); expected exactly one manifest.yaml");
}

TEST_CASE("a manifest that is no file, or a link out, is refused") {
    const TempFolder folder;
    const auto fd = folder_fd(folder.path());
    REQUIRE(::mkfifo((folder / "manifest.yaml").c_str(), 0600) == 0);
    CHECK(std::get<Refusal>(spool::open_manifest(fd.get())).text == "manifest.yaml is no regular file; expected an image or a video");
    fs::remove(folder / "manifest.yaml");
    fs::create_symlink("/etc/hostname", folder / "manifest.yaml");
    CHECK(std::get<Refusal>(spool::open_manifest(fd.get())).why == Why::outside);
    put(folder / "fox.yaml.txt");
    CHECK_FALSE(std::get<OpenedInput>(spool::open_lone_manifest(fd.get(), "fox.yaml.txt")).warning.empty());
}

TEST_CASE("only so much of a manifest is read") {
    const TempFolder folder;
    put(folder / "manifest.yaml", std::string(1001, 'x'));
    const auto fd = folder_fd(folder.path());
    const auto opened = spool::open_manifest(fd.get());
    const int file = std::get<OpenedInput>(opened).fd.get();
    CHECK(spool::read_all(file, 1001)->size() == 1001);
    CHECK(spool::read_beginning(file, 1000)->size() == 1000);
    CHECK(spool::read_beginning(file, 100'000)->size() == 1001);
    CHECK(spool::read_all(file, 1000).problem().text == "is larger than 1000 bytes, the most that is read");
}
