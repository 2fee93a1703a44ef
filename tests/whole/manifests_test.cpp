#include <doctest/doctest.h>
#include <sysexits.h>
#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include "whole/work.hpp"

// What people write and how they call it, from the manifest to the video.
namespace motionspool::whole {
namespace {
namespace fs = std::filesystem;

/// A folder drop under any name, its files called as they are here, renamed in at once.
void drop_as(const Rig& rig, const std::string& name, const std::string& manifest, const std::map<std::string, std::string>& files) {
    const auto hidden = rig.spool() / "incoming" / ".being-written";
    fs::create_directory(hidden);
    for (const auto& [file, from] : files) fs::copy_file(media(from), hidden / file);
    test::write_file(hidden / "manifest.yaml", manifest);
    fs::rename(hidden, rig.spool() / "incoming" / name);
}

std::string repeated(const std::string& text, int times) {
    std::string out;
    for (int n = 0; n < times; n++) out += text;
    return out;
}

std::size_t reports_in(const fs::path& folder) {
    std::size_t reports = 0;
    for (const auto& entry : fs::directory_iterator{folder}) reports += entry.path().string().ends_with(".report.txt") ? 1 : 0;
    return reports;
}

json::object planned(const Rig& rig, const std::string& manifest, int code = 0) {
    const auto said = rig.run({"plan", manifest, "--json"});
    CAPTURE(said.err);
    CHECK(said.code == code);
    return json::parse(said.out).as_object();
}

const json::object& first_of(const json::object& plan) { return plan.at("manifests").as_array().at(0).as_object(); }

}  // namespace

TEST_CASE("names in any script become ids that make sense and outputs on disk, without an error") {
    Rig rig;
    rig.start();
    const std::string least = "version: 1\njobs:\n  - {image: ";
    drop_as(rig, "狐狸 × 挥手", least + "狐狸.png, motion: 挥手.mp4}\n", {{"狐狸.png", "fox.png"}, {"挥手.mp4", "wave.mp4"}});
    drop_as(rig, "Größe & Form", least + "\"Größe & Form (final).png\", motion: wave.mp4, prompt: b}\n",
            {{"Größe & Form (final).png", "fox.png"}, {"wave.mp4", "wave.mp4"}});
    // macOS writes the parts of a letter one by one; a manifest typed on another machine does not
    drop_as(rig, "Fu\u0308chse", least + "F\u00fcchse.png, motion: wave.mp4, prompt: c}\n", {{"Fu\u0308chse.png", "fox.png"}, {"wave.mp4", "wave.mp4"}});
    const auto chinese = repeated("狐", 83), latin = std::string(249, 'n');
    REQUIRE(chinese.size() == 249);
    drop_as(rig, chinese, least + "fox.png, motion: wave.mp4, prompt: d}\n", {{"fox.png", "fox.png"}, {"wave.mp4", "wave.mp4"}});
    drop_as(rig, latin, least + "fox.png, motion: wave.mp4, prompt: e}\n", {{"fox.png", "fox.png"}, {"wave.mp4", "wave.mp4"}});
    rig.wait_until_settled(5);
    std::vector<std::string> names;
    for (const auto& value : rig.jobs()) {
        const auto& job = value.as_object();
        CAPTURE(json::serialize(job));
        CHECK(text_at(job, "state") == "done");
        CHECK(fs::exists(text_at(job, "output")));
        names.push_back(text_at(job, "batch") + "/" + text_at(job, "job"));
    }
    std::ranges::sort(names);
    REQUIRE(names.size() == 5);
    const auto is_there = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
    CHECK(is_there("狐狸---挥手/狐狸-挥手"));
    CHECK(is_there("Größe---Form/Größe---Form--final--wave"));
    CHECK(is_there("F\u00fcchse/F\u00fcchse-wave"));
    for (const auto& name : {std::string(93, 'n') + "-", repeated("狐", 57) + "-"})  // cut, and six hexadecimal digits behind
        CHECK(std::ranges::any_of(names, [&](const std::string& one) { return one.starts_with(name) && one.find("/fox-wave") == name.size() + 6; }));
    for (const auto* output : {"狐狸---挥手/狐狸-挥手.mp4", "Größe---Form/Größe---Form--final--wave.mp4", "F\u00fcchse/F\u00fcchse-wave.mp4"})
        CHECK(fs::exists(rig.output() / output));
    wait_until("all drops are filed", [&] { return reports_in(rig.spool() / "finished") == 5; });
    for (const auto* name : {"狐狸 × 挥手", "Größe & Form", "Fu\u0308chse"}) CHECK(fs::exists(rig.spool() / "finished" / name));
    CHECK(fs::exists(rig.spool() / "finished" / chinese));
    CHECK(fs::exists(rig.spool() / "finished" / latin));
    CHECK(fs::is_empty(rig.spool() / "rejected"));
    CHECK(rig.log().find("error") == std::string::npos);
}

TEST_CASE("what is wrong with a file is said at its value, by what the file holds and not by what it is called") {
    Rig rig;
    const auto folder = rig.folder() / "mixed";
    fs::create_directory(folder);
    for (const auto* file : {"small.png", "tall.jpg", "picture.gif", "long.mp4", "short.mp4", "clip.webm", "twelve-seconds.mp4", "good.png", "good.jpg",
                             "clip.mov", "clip.mkv", "garbage.bin", "cut.png", "cut.mp4", "clip.mp4", "narrow.mp4"})
        fs::copy_file(fs::path{TESTS_DATA} / file, folder / file);
    fs::copy_file(folder / "good.png", folder / "a-png.jpg");
    test::write_file(folder / "text.mp4", "no video\n");
    test::write_file(folder / "manifest.yaml", R"(version: 1
jobs:
  - {image: small.png, motion: long.mp4}
  - {image: tall.jpg, motion: short.mp4}
  - {image: picture.gif, motion: clip.webm}
  - {image: good.png, motion: twelve-seconds.mp4, orientation: image}
  - {image: good.png, motion: twelve-seconds.mp4}
  - {image: a-png.jpg, motion: clip.mov}
  - {image: good.jpg, motion: clip.mkv}
  - {image: garbage.bin, motion: text.mp4}
  - {image: cut.png, motion: cut.mp4}
  - {image: clip.mp4, motion: good.png}
  - {image: good.png, motion: narrow.mp4}
  - {image: gone.png, motion: ../clip.mp4}
  - {image: /etc/passwd, motion: clip.mp4}
matrix:
  image: ["none/*.png"]
  motion: [clip.mp4]
)");
    const auto said = rig.run({"check", folder.string()});
    CHECK(said.code == EX_DATAERR);
    const std::vector<std::string> expected{
        R"(3:13: error: "small.png": the image is 300 x 300 px; each side must be over 300 px)",
        R"(3:32: error: "long.mp4": the motion is 31 s long; at most 30 s is accepted)",
        R"(4:13: error: "tall.jpg": the image is 320 x 1200 px; it is too narrow, at least 2:5 (width to height) is needed)",
        R"(4:31: error: "short.mp4": the motion is 2 s long; at least 3 s is needed)",
        R"(5:13: error: "picture.gif": the image is of no known format; expected a JPEG or PNG)",
        R"(5:34: error: "clip.webm": the motion is WebM by its content; expected MP4, QuickTime or Matroska)",
        R"(6:31: error: "twelve-seconds.mp4": the motion is 12 s long; at most 10 s is accepted with orientation: image)",
        R"(7:31: warning: "twelve-seconds.mp4": the motion has 1 frame a second; movement is followed best from 24 on)",
        R"(8:32: warning: "clip.mov": the motion has 8 frames a second; movement is followed best from 24 on)",
        R"(9:31: warning: "clip.mkv": the motion has 8 frames a second; movement is followed best from 24 on)",
        R"(10:13: error: "garbage.bin": the image is of no known format; expected a JPEG or PNG)",
        R"(10:34: error: "text.mp4": the motion is of no known format; expected MP4, QuickTime or Matroska)",
        R"(11:13: error: "cut.png" is cut short; expected a complete file)",
        R"(11:30: error: "cut.mp4" is cut short; expected a complete file)",
        R"(12:13: error: "clip.mp4": the image is MP4 by its content; expected a JPEG or PNG)",
        R"(12:31: error: "good.png": the motion is PNG by its content; expected MP4, QuickTime or Matroska)",
        R"(13:31: warning: "narrow.mp4": the motion is 200 x 160 px; the provider may refuse sides outside 340 to 3850 px)",
        R"(13:31: warning: "narrow.mp4": the motion has 2 frames a second; movement is followed best from 24 on)",
        R"(13:31: warning: "narrow.mp4": the motion is landscape (200 x 160 px) and the image beside it is portrait; they go together best in one shape)",
        R"(14:13: error: "gone.png" is not there; expected a file of that name; did you mean "good.png"?)",
        R"(14:31: error: "../clip.mp4" leads out of its folder; expected a path inside it, without "..")",
        R"(15:13: error: "/etc/passwd" is an absolute path; expected one inside the folder of the manifest)",
        R"(15:34: warning: "clip.mp4": the motion has 8 frames a second; movement is followed best from 24 on)",
        R"(17:11: error: "none/*.png" matches no file; check the folder and the spelling)",
        R"(18:12: warning: "clip.mp4": the motion has 8 frames a second; movement is followed best from 24 on)",
    };
    std::string all;
    for (const auto& line : expected) all += (folder / "manifest.yaml").string() + ":" + line + "\n";
    CHECK(said.err == all);
}

TEST_CASE(
    "plan tells jobs, credits, uploads, what would wait and the finish: of the configuration alone, then as the daemon knows, then as its database does") {
    Rig rig{{.limits = "submissions: 1000 per 1s, polls: 1000 per 1s, running: 2, downloads: 16", .more = "shares: {art: {per_day: 100}}\n"}};
    const auto example = (media("manifest.yaml")).string();
    const auto before = planned(rig, example);
    CHECK(first_of(before).at("jobs") == 6);
    CHECK(first_of(before).at("credits") == 264);
    CHECK(first_of(before).at("uploads") == 4);
    CHECK(first_of(before).at("never") == 0);
    CHECK(text_at(first_of(before).at("waits").as_array().at(0).as_object(), "for") == "running");
    CHECK(text_at(first_of(before), "earliest_finish").size() == text_at(before.at("totals").as_object(), "earliest_finish").size());
    CHECK(before.at("money").is_null());

    rig.start();
    rig.drop("spring", "version: 1\nshare: art\njobs: [{image: fox.png, motion: wave.mp4, prompt: a}]\n");
    rig.wait_until_settled(1);
    const auto poor = rig.folder() / "poor";
    fs::create_directory(poor);
    for (const auto* file : {"fox.png", "wave.mp4", "jump.mp4"}) fs::copy_file(media(file), poor / file);
    test::write_file(poor / "manifest.yaml", "version: 1\nshare: art\njobs:\n  - {image: fox.png, motion: wave.mp4}\n  - {image: fox.png, motion: jump.mp4}\n");
    for (const std::string by : {"daemon", "database"}) {
        CAPTURE(by);
        const auto plan = planned(rig, poor.string());
        const auto& money = plan.at("money").as_object();
        CHECK(text_at(money, "told_by") == by);
        CHECK(money.at("balance").is_number());
        CHECK(money.at("spent_today") == rig.jobs().at(0).as_object().at("credits_spent"));
        CHECK(first_of(plan).at("uploads") == 1);  // the others lie at the provider
        const auto& wait = first_of(plan).at("waits").as_array().at(0).as_object();
        CHECK(text_at(wait, "for") == "budget");
        CHECK(text_at(wait, "text") == "the day's budget of the share art");
        CHECK(wait.at("jobs") == 1);
        if (by == "daemon") CHECK(rig.stop() == Ended{0, 0});
    }
    const auto text = rig.run({"plan", poor.string()});
    CHECK(text.out.find("2 jobs, 88 credits, 1 upload (") != std::string::npos);
    CHECK(text.out.find("1 job would wait for budget: the day's budget of the share art") != std::string::npos);
    CHECK(text.out.find("earliest finish: ") != std::string::npos);
    CHECK(text.out.find(" credits when read at ") != std::string::npos);
    CHECK(text.out.find(" left for new jobs; today: ") != std::string::npos);
    MESSAGE("plan says:\n" << text.out);

    test::write_file(poor / "manifest.yaml", "version: 1\nappend: sprung\njobs:\n  - {image: fox.png, motion: wave.mp4}\n");
    const auto nowhere = rig.run({"plan", poor.string()});
    CHECK(nowhere.code == EX_DATAERR);
    CHECK(nowhere.err.find("manifest.yaml:2:9: error: there is no batch \"sprung\" to append to; did you mean \"spring\"?") != std::string::npos);
    CHECK(planned(rig, (rig.folder() / "none.yaml").string(), EX_NOINPUT).at("totals").as_object().at("jobs") == 0);
}

TEST_CASE("submit --wait follows what it appended to its batch, whose report tells all of it") {
    Rig rig;
    rig.start();
    rig.drop("spring", manifest_of("spring", orders("spring", 2)));
    rig.wait_until_settled(2);
    wait_until("it is filed", [&] { return fs::exists(rig.spool() / "finished" / "spring.report.txt"); });
    const auto more = rig.folder() / "more";
    fs::create_directory(more);
    for (const auto* file : {"bear.jpg", "jump.mp4"}) fs::copy_file(media(file), more / file);
    test::write_file(more / "manifest.yaml", "version: 1\nappend: Spring\njobs:\n  - {id: extra, image: bear.jpg, motion: jump.mp4, prompt: extra}\n");
    const auto said = rig.run({"submit", more.string(), "--wait"});
    CAPTURE(said.out);
    CHECK(said.code == 0);
    CHECK(said.out.find("spring: 3 of 3 jobs done") != std::string::npos);
    CHECK(fs::exists(rig.output() / "spring" / "extra.mp4"));
    CHECK(fs::exists(rig.spool() / "finished" / "more" / "manifest.yaml"));
    CHECK(rig.jobs("spring").size() == 3);
    CHECK(rig.run({"show", "spring"}).out.find("appended: " + (rig.spool() / "finished" / "more").string() + "\n") != std::string::npos);
    CHECK(rig.run({"submit", more.string(), "--wait"}).code == EX_DATAERR);  // once more is an accident
}

}  // namespace motionspool::whole
