#include <doctest/doctest.h>
#include "whole/work.hpp"

// Files that cannot be rendered are found out before anything of them is sent, by the real helper; those that only look so are not.
namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

fs::path sample(const std::string& name) { return fs::path{TESTS_DATA} / name; }

/// A drop of one job over its own two files, renamed in whole.
void drop(const Rig& rig, const std::string& name, const std::pair<std::string, fs::path>& image, const std::pair<std::string, fs::path>& motion,
          const std::string& more = {}) {
    const auto hidden = rig.spool() / "incoming" / ("." + name);
    fs::create_directory(hidden);
    for (const auto& [as, file] : {image, motion}) fs::copy_file(file, hidden / as, fs::copy_options::overwrite_existing);
    test::write_file(hidden / "manifest.yaml",
                     "version: 1\njobs:\n  - id: one\n    image: " + image.first + "\n    motion: " + motion.first + "\n    prompt: " + name + "\n" + more);
    fs::rename(hidden, rig.spool() / "incoming" / name);
}

fs::path heavy_image(const Rig& rig) {
    const auto path = rig.folder() / "heavy.png";
    fs::copy_file(media("fox.png"), path);
    fs::resize_file(path, 11'000'000);
    return path;
}

TEST_CASE("what the model does not take is refused at the value that names it, and not a byte of it is sent") {
    Rig rig;
    rig.start();
    test::write_file(rig.folder() / "notes.txt", "Dear animators,\nthe clip is on the other disk.\n");
    const std::pair<std::string, fs::path> fox{"fox.png", media("fox.png")}, wave{"wave.mp4", media("wave.mp4")};
    drop(rig, "long-clip", fox, {"clip.mp4", sample("long.mp4")});
    drop(rig, "eleven-by-image", fox, {"clip.mp4", sample("eleven-seconds.mp4")}, "    orientation: image\n");
    drop(rig, "text-as-clip", fox, {"clip.mp4", rig.folder() / "notes.txt"});
    drop(rig, "heavy-image", {"fox.png", heavy_image(rig)}, wave);
    drop(rig, "webm", fox, {"clip.mp4", sample("clip.webm")});
    const std::pair<std::string, std::string> expected[] = {
        {"long-clip", "5:13: error: \"clip.mp4\": the motion is 31 s long; at most 30 s is accepted"},
        {"eleven-by-image", "5:13: error: \"clip.mp4\": the motion is 11 s long; at most 10 s is accepted with orientation: image"},
        {"text-as-clip", "5:13: error: \"clip.mp4\": the motion is of no known format; expected MP4, QuickTime or Matroska"},
        {"heavy-image", "4:12: error: \"fox.png\": the image is 11 MB; at most 10 MB is accepted"},
        {"webm", "5:13: error: \"clip.mp4\": the motion is WebM by its content; expected MP4, QuickTime or Matroska"},
    };
    for (const auto& [name, words] : expected) {
        const auto report = rig.spool() / "rejected" / (name + ".report.txt");
        wait_until(name + " is rejected", [&, &report = report] { return fs::exists(report); });
        const auto text = test::read_file(report);
        CAPTURE(text);
        CHECK(text.find(name + "/manifest.yaml:" + words) != std::string::npos);
    }
    CHECK(rig.journal().of_kind("upload").empty());
    CHECK(rig.jobs().empty());
}

TEST_CASE("content decides, not the name; nine seconds go with orientation: image; advice blocks nothing and is said") {
    Rig rig;
    rig.start();
    drop(rig, "png-as-jpg", {"fox.jpg", media("fox.png")}, {"wave.mp4", media("wave.mp4")});
    drop(rig, "nine-by-image", {"fox.png", media("fox.png")}, {"clip.mp4", sample("nine-seconds.mp4")}, "    orientation: image\n");
    drop(rig, "advised", {"fox.png", media("fox.png")}, {"clip.mp4", sample("several-streams.mp4")});
    rig.wait_until_settled(3);
    CHECK(rig.states() == std::map<std::string, std::size_t>{{"done", 3}});
    CHECK(rig.log().find("the motion is landscape (640 x 360 px) and the image beside it is portrait") != std::string::npos);
    CHECK(rig.log().find("the motion holds 2 video streams") != std::string::npos);
    CHECK(rig.log().find("the motion has 1 frame a second") != std::string::npos);
}

TEST_CASE("a URL of the simulator is asked about and rendered; one it does not know is refused; another port of this machine is not asked") {
    Rig rig;
    rig.start();
    const auto job = [](const std::string& image) { return "version: 1\njobs:\n  - {id: one, image: \"" + image + "\", motion: wave.mp4, prompt: p}\n"; };
    rig.drop("first", "version: 1\njobs:\n  - {id: one, image: fox.png, motion: wave.mp4, prompt: q}\n");
    rig.wait_until_settled(1);
    const auto image = rig.journal().creations().front().image;
    rig.drop("known", job(image));
    rig.wait_until_settled(2);
    CHECK(rig.states() == std::map<std::string, std::size_t>{{"done", 2}});
    rig.drop("unknown", job(rig.url() + "/files/none.png"));
    rig.drop("elsewhere", job("http://127.0.0.1:1/fox.png"));
    const std::pair<std::string, std::string> expected[] = {{"unknown", "there is no such file (127.0.0.1 answers HTTP 404)"},
                                                            {"elsewhere", "which is no address of the public Internet"}};
    for (const auto& [name, words] : expected) {
        const auto report = rig.spool() / "rejected" / (name + ".report.txt");
        wait_until(name + " is rejected", [&, &report = report] { return fs::exists(report); });
        CHECK(test::read_file(report).find(words) != std::string::npos);
    }
}

}  // namespace
}  // namespace motionspool::whole
