#include "spool/place.hpp"
#include "place_for_tests.hpp"
#include "support/few_descriptors.hpp"

using namespace motionspool;
using namespace motionspool::test;
using spool::OpenedInput;
using spool::Place;
using spool::Refusal;
using Why = spool::Refusal::Why;

namespace {

struct World {
    TempFolder folder;
    fs::path incoming = folder / "incoming", cast = folder / "cast", moves = folder / "moves";
    World() {
        fs::create_directory(incoming);
        put(cast / "fox.png", "fox");
        put(cast / "Owl.png", "owl");
        put(moves / "wave.mp4", "wave");
        put(moves / "fox.png", "another fox");
    }
    [[nodiscard]] Place roots(std::vector<fs::path> paths) const {
        const auto fd = folder_fd(incoming);
        return Place::media_roots(std::move(paths), fd.get());
    }
};

std::string path_of(const spool::InputOutcome& outcome) {
    const auto* const opened = std::get_if<OpenedInput>(&outcome);
    return opened != nullptr ? opened->path : "refused: " + std::get<Refusal>(outcome).text;
}

const Refusal& refusal_of(const spool::InputOutcome& outcome) {
    REQUIRE(std::holds_alternative<Refusal>(outcome));
    return std::get<Refusal>(outcome);
}

}  // namespace

TEST_CASE("a folder drop's files are inside the folder, nowhere else") {
    const World world;
    const auto place = Place::folder(folder_fd(world.cast));
    CHECK(path_of(place.open("fox.png")) == "fox.png");
    CHECK(refusal_of(place.open((world.cast / "fox.png").string())).why == Why::outside);
    CHECK(refusal_of(place.open("../moves/wave.mp4")).why == Why::outside);
    CHECK(*place.glob("*.png") == std::vector<std::string>{"Owl.png", "fox.png"});
}

TEST_CASE("a lone manifest's files are under a media root, by absolute path or relative to one") {
    const World world;
    const auto place = world.roots({world.cast / "", world.moves});
    CHECK(path_of(place.open("fox.png")) == (world.cast / "fox.png").string());
    CHECK(path_of(place.open("wave.mp4")) == (world.moves / "wave.mp4").string());
    CHECK(path_of(place.open((world.moves / "fox.png").string())) == (world.moves / "fox.png").string());
    CHECK(path_of(place.open("owl.png")) == (world.cast / "Owl.png").string());
    CHECK(*place.glob("*.mp4") == std::vector<std::string>{(world.moves / "wave.mp4").string()});
    CHECK(place.glob((world.cast / "*.png").string())->size() == 2);
    const auto again = place.open(place.glob("*.mp4")->front());
    CHECK(std::holds_alternative<OpenedInput>(again));
}

TEST_CASE("absolute paths outside of the roots, or leading out of one, are refused") {
    const World world;
    const auto place = world.roots({world.cast});
    put(world.folder / "castle/x.png");
    for (const auto& path : {std::string{"/etc/passwd"}, (world.moves / "wave.mp4").string(), (world.cast / "../moves/wave.mp4").string(), world.cast.string(),
                             (world.folder / "castle/x.png").string(), std::string{"/"}, std::string{"../moves/wave.mp4"}}) {
        INFO(path);
        CHECK(refusal_of(place.open(path)).why == Why::outside);
    }
    CHECK(refusal_of(place.open((world.cast / "owl.mp4").string())).why == Why::missing);
}

TEST_CASE("media beside a lone manifest are an error that says to drop a folder") {
    const World world;
    put(world.incoming / "bear.png");
    const auto place = world.roots({world.cast});
    CHECK(refusal_of(place.open("bear.png")).why == Why::outside);
    CHECK(refusal_of(place.open("bear.png")).text ==
          "lies beside the manifest in incoming/; put the manifest and its media into one folder and drop that folder");
    CHECK(refusal_of(place.open("cat.png")).why == Why::missing);
}

TEST_CASE("a file beside a lone manifest and another of that name in a media root: nobody knows which is meant") {
    const World world;
    const auto fox = (world.cast / "fox.png").string();
    put(world.incoming / "fox.png", "a red fox");
    const auto place = world.roots({world.cast});
    CHECK(refusal_of(place.open("fox.png")).why == Why::outside);
    CHECK(refusal_of(place.open("fox.png")).text == "lies beside the manifest in incoming/, and in " + world.cast.string() +
                                                        ", too; put the manifest and its media into one folder and drop that folder");
    CHECK(path_of(place.open(fox)) == fox);  // that one is meant
    const auto found = place.glob("*.png");
    REQUIRE_FALSE(found);
    CHECK(found.problem().text.starts_with("matches files that lie beside the manifest in incoming/ (\"fox.png\"), and some in " + world.cast.string()));
    CHECK(place.glob("O*").value().size() == 1);
    put(world.incoming / "Owls.yaml");
    CHECK(place.glob("O*").value().size() == 1);  // a manifest is no media
    put(world.incoming / "moves" / "wave.mp4");   // of another drop, which is a folder
    CHECK(path_of(world.roots({world.folder / "."}).open("moves/wave.mp4")) == (world.moves / "wave.mp4").string());
    CHECK(path_of(world.roots({world.incoming}).open("fox.png")) == (world.incoming / "fox.png").string());
    CHECK(world.roots({world.incoming}).glob("*.png").value().size() == 1);
}

TEST_CASE("without media roots a lone manifest can name no files") {
    const World world;
    const auto place = world.roots({});
    CHECK(refusal_of(place.open("fox.png")).why == Why::outside);
    CHECK(refusal_of(place.open("fox.png")).text.find("spool.media_roots") != std::string::npos);
    CHECK(refusal_of(place.open("/etc/passwd")).why == Why::outside);
    CHECK(place.glob("*.png")->empty());
}

TEST_CASE("a media root that is away is named") {
    const World world;
    const auto place = world.roots({world.folder / "gone"});
    const auto outcome = place.open("fox.png");
    CHECK(refusal_of(outcome).why == Why::away);
    CHECK(refusal_of(outcome).text.find("/gone, which cannot be opened: No such file or directory") != std::string::npos);
    fs::create_directory(world.folder / "gone");
    for (const auto& path : {std::string{"fox.png"}, (world.folder / "gone/fox.png").string()}) {
        CHECK(refusal_of(place.open(path)).why == Why::away);
        CHECK(refusal_of(place.open(path)).text.find("/gone, which holds nothing; is it not mounted?") != std::string::npos);
    }
    put(world.folder / "gone/owl.png", "owl");
    CHECK(refusal_of(place.open("fox.png")).why == Why::missing);
}

TEST_CASE("with few descriptors left a file or a pattern is found as ever, or it is the server's trouble; never missing, never without a match") {
    const World world;
    fs::rename(world.cast / "fox.png", world.cast / "Fox.png");
    const Place places[] = {Place::folder(folder_fd(world.cast)), world.roots({world.cast})};
    for (const auto& place : places) {
        std::size_t troubles = 0, found = 0;
        for (int left = 0; left < 6; ++left) {
            INFO(left);
            const FewDescriptors few{left};
            const auto opened = place.open("fox.png");
            const auto* const refusal = std::get_if<Refusal>(&opened);
            CHECK((refusal == nullptr || refusal->why == Why::trouble));
            troubles += refusal != nullptr ? 1 : 0;
            const auto matches = place.glob("*.png");
            CHECK((matches.has_value() ? matches->size() == 2 : matches.trouble()));
            found += matches.has_value() ? 1 : 0;
        }
        CHECK(troubles > 0);
        CHECK(found > 0);
        CHECK(found < 6);
    }
}
