#include "spool/claim.hpp"
#include "place_for_tests.hpp"

using namespace motionspool;
using namespace motionspool::test;

namespace {

spool::Claimed claimed(const spool::Layout& layout, const std::string& name) {
    const auto outcome = spool::claim(layout, name);
    const auto* const got = std::get_if<spool::Claimed>(&outcome);
    REQUIRE(got != nullptr);
    return *got;
}

Result<spool::Claimed> claim_by_copy(const spool::Layout& layout, const std::string& name, const spool::Enough& enough = never) {
    spool::ClaimByCopy claim{layout, name};
    for (;;)
        if (auto answer = claim.step(enough)) return std::move(*answer);
}

/// A drop with every kind of thing in it.
void fill(const fs::path& drop) {
    put(drop / "manifest.yaml", "version: 1");
    put(drop / "cast/fox.png", std::string(3'000'000, 'f'));
    put(drop / "cast/empty.png", "");
    fs::create_symlink("fox.png", drop / "cast/link.png");
    REQUIRE(::mkfifo((drop / "pipe").c_str(), 0600) == 0);
}

}  // namespace

TEST_CASE("a drop is taken by renaming it, whole") {
    const TempSpool spool;
    put(spool / "incoming/fox/manifest.yaml", "version: 1");
    put(spool / "incoming/owl.yaml");
    CHECK(claimed(spool.layout, "fox").name == "fox");
    CHECK(claimed(spool.layout, "owl.yaml").name == "owl.yaml");
    CHECK(listing(spool / "incoming").empty());
    CHECK(read_file(spool / ".taking/fox/manifest.yaml") == "version: 1");
    CHECK(*spool::finish_claims(spool.layout) == std::vector<std::string>{"fox", "owl.yaml"});
}

TEST_CASE("a name that is being taken already gets a number, and nothing is overwritten") {
    const TempSpool spool;
    for (const auto* const name : {"one", "two", "three"}) {
        put(spool / "incoming/fox.yaml", name);
        claimed(spool.layout, "fox.yaml");
    }
    CHECK(read_file(spool / ".taking/fox.yaml") == "one");
    CHECK(read_file(spool / ".taking/fox.2.yaml") == "two");
    CHECK(read_file(spool / ".taking/fox.3.yaml") == "three");
    fs::create_directory(spool / ".taking/bear");
    put(spool / "incoming/bear/manifest.yaml");
    CHECK(claimed(spool.layout, "bear").name == "bear.2");
}

TEST_CASE("what left again before it was taken is a problem in words") {
    const TempSpool spool;
    const auto outcome = spool::claim(spool.layout, "fox");
    REQUIRE(std::holds_alternative<Problem>(outcome));
    CHECK(std::get<Problem>(outcome).text == "cannot take fox out of incoming/: No such file or directory");
}

TEST_CASE("a copy has everything in it but devices, and the original stays hidden beside") {
    const TempSpool spool;
    fill(spool / "incoming/fox");
    int slices = 0;
    const auto claim = claim_by_copy(spool.layout, "fox", [&] { return ++slices > 0; });
    REQUIRE(claim.has_value());
    CHECK(claim->name == "fox");
    CHECK(claim->copied);
    CHECK(slices > 8);
    CHECK(listing(spool / "incoming") == std::vector<std::string>{".taken-fox"});
    CHECK(listing(spool / ".taking/fox") == std::vector<std::string>{"cast", "manifest.yaml"});
    CHECK(read_file(spool / ".taking/fox/cast/fox.png") == std::string(3'000'000, 'f'));
    CHECK(fs::read_symlink(spool / ".taking/fox/cast/link.png") == "fox.png");
    CHECK(fs::last_write_time(spool / ".taking/fox/manifest.yaml") == fs::last_write_time(spool / "incoming/.taken-fox/manifest.yaml"));
}

TEST_CASE("copies of one name follow each other without touching") {
    const TempSpool spool;
    for (int i = 1; i <= 3; ++i) {
        put(spool / "incoming/fox.yaml", std::to_string(i));
        REQUIRE(claim_by_copy(spool.layout, "fox.yaml").has_value());
    }
    CHECK(listing(spool / "incoming") == std::vector<std::string>{".taken-fox.2.yaml", ".taken-fox.3.yaml", ".taken-fox.yaml"});
    CHECK(read_file(spool / ".taking/fox.3.yaml") == "3");
}

TEST_CASE("a copy that is given up leaves the drop as it was and nothing else") {
    const TempSpool spool;
    fill(spool / "incoming/fox");
    {
        spool::ClaimByCopy claim{spool.layout, "fox"};
        for (int i = 0; i < 4; ++i) REQUIRE_FALSE(claim.step(always).has_value());
    }
    CHECK(listing(spool / ".taking").empty());
    CHECK(listing(spool / "incoming") == std::vector<std::string>{"fox"});
}

TEST_CASE("a file that changes while it is copied is not taken") {
    const TempSpool spool;
    put(spool / "incoming/fox.yaml", std::string(3 << 20, 'x'));
    spool::ClaimByCopy claim{spool.layout, "fox.yaml"};
    REQUIRE_FALSE(claim.step(always).has_value());
    write_file(spool / "incoming/fox.yaml", "shorter");
    const auto answer = claim.step(never);
    REQUIRE(answer.has_value());
    CHECK_FALSE(answer->has_value());
    CHECK(answer->problem().text.find("fox.yaml may not be moved, and copying it failed") == 0);
}

TEST_CASE("after a crash, a copy counts exactly if its original was marked as taken") {
    const TempSpool spool;
    fill(spool / "incoming/half");
    put(spool / ".taking/.copy-half/manifest.yaml", "half");
    put(spool / "incoming/.taken-fox.2/manifest.yaml");
    put(spool / ".taking/.copy-fox.2/manifest.yaml", "whole");
    put(spool / "incoming/.taken-owl.yaml");
    put(spool / ".taking/.copy-owl.yaml", "lone");
    CHECK(*spool::finish_claims(spool.layout) == std::vector<std::string>{"fox.2", "owl.yaml"});
    CHECK(listing(spool / ".taking") == std::vector<std::string>{"fox.2", "owl.yaml"});
    CHECK(read_file(spool / ".taking/fox.2/manifest.yaml") == "whole");
    CHECK(fs::exists(spool / "incoming/half/manifest.yaml"));
    CHECK(spool::finish_claims(spool.layout)->size() == 2);
}

TEST_CASE("another user's folder may not be moved and is copied; one that may not even be renamed is left") {
    if (::geteuid() != 0) return;
    const TempFolder folder;
    fs::permissions(folder.path(), fs::perms::all);
    const int verdict = as_another_user([&] {
        auto layout = spool::open_layout(folder / "spool");
        if (!layout) return 1;
        if (::seteuid(0) != 0) return 2;
        put(folder / "spool/incoming/fox/manifest.yaml", "version: 1");
        fs::permissions(folder / "spool/incoming/fox", fs::perms{0755});
        fs::permissions(folder / "spool/incoming/fox/manifest.yaml", fs::perms{0644});
        if (::seteuid(12345) != 0) return 3;
        if (!std::holds_alternative<spool::MustCopy>(spool::claim(*layout, "fox"))) return 4;
        const auto claim = claim_by_copy(*layout, "fox");
        if (!claim || !claim->copied || claim->name != "fox") return 5;
        if (read_file(folder / "spool/.taking/fox/manifest.yaml") != "version: 1") return 6;
        if (listing(folder / "spool/incoming") != std::vector<std::string>{".taken-fox"}) return 7;

        if (::seteuid(0) != 0) return 8;
        put(folder / "spool/incoming/owl/manifest.yaml", "version: 1");
        put(folder / "spool/incoming/secret.yaml", "version: 1");
        fs::permissions(folder / "spool/incoming/owl", fs::perms{0755});
        fs::permissions(folder / "spool/incoming/owl/manifest.yaml", fs::perms{0644});
        fs::permissions(folder / "spool/incoming/secret.yaml", fs::perms{0600});
        if (::chown((folder / "spool/incoming").c_str(), 0, 0) != 0) return 9;
        fs::permissions(folder / "spool/incoming", fs::perms{01777});  // sticky, and not ours
        if (::seteuid(12345) != 0) return 10;
        const auto stuck = claim_by_copy(*layout, "owl");
        if (stuck || stuck.problem().text.find("owl may be neither moved nor renamed") != 0) return 11;
        const auto unreadable = claim_by_copy(*layout, "secret.yaml");
        if (unreadable || unreadable.problem().text.find("cannot read secret.yaml: Permission denied; make it readable") == std::string::npos) return 12;
        return listing(folder / "spool/.taking") == std::vector<std::string>{"fox"} ? 0 : 13;
    });
    CHECK(verdict == 0);
}
