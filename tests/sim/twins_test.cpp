#include <doctest/doctest.h>
#include <boost/asio/co_spawn.hpp>
#include "app/service.hpp"
#include "support/dying.hpp"
#include "support/manual_clock.hpp"
#include "support/temp_folder.hpp"
#include "support/world.hpp"

// A drop is known by what it would render: the same in another form is paid for once.
namespace motionspool::test {
namespace {
using namespace std::chrono_literals;
using namespace motionspool::literals;

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

/// What drops are made from here.
const Files three{{"fox.png", "image of a fox"}, {"owl.png", "image of an owl"}, {"wave.mp4", "motion: a wave"}};

/// Two jobs; what all the forms of it are held against.
const std::string plain =
    "version: 1\n"
    "jobs:\n"
    "  - {id: fox, image: fox.png, motion: wave.mp4, prompt: A fox waves.}\n"
    "  - {id: owl, image: owl.png, motion: wave.mp4, prompt: An owl waves., mode: 1080p, orientation: image}\n";

struct Form {
    std::string name, manifest;
    Files files = three;
};

std::string replaced(std::string text, const std::string& what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
    return text;
}

Files renamed(const std::string& from, const std::string& to) {
    auto files = three;
    files[to] = files[from];
    files.erase(from);
    return files;
}

Files with(const std::string& name, const std::string& content) {
    auto files = three;
    files[name] = content;
    return files;
}

struct Twins : World {
    void order(domain::Act what, const std::string& target, std::optional<std::string> cause = {}) {
        asio::co_spawn(store().executor, service().actions().act({what, target, std::move(cause), false}),
                       [](std::exception_ptr error, app::Answered) { REQUIRE_FALSE(error); });
        clock().run_ready();
    }
    /// Drops it and waits until all is over. @return the report if it is rejected, else ""
    std::string drop_form(const Form& form) {
        drop(form.name, form.manifest, form.files);
        CHECK(rest(4h));
        const auto report = spool("rejected/" + form.name + ".report.txt");
        return fs::exists(report) ? read_file(report) : std::string{};
    }
    std::string warnings(const std::string& batch) {
        std::string all;
        for (const auto& line : store().batches.warnings(store().batches.find(batch)->id)) all += line + "\n";
        return all;
    }
    /// As version 2 left it: fingerprints of the manifest's bytes, and nothing known of a job's render.
    void forget_renders() {
        store().db->exec("UPDATE jobs SET render = ''; UPDATE batches SET fingerprint = '29c1' || id; DELETE FROM meta WHERE key = 'model'");
    }
};

const std::vector<Form>& forms() {
    static const std::vector<Form> all{
        {"crlf", replaced(plain, "\n", "\r\n")},
        {"no-last-newline", plain.substr(0, plain.size() - 1)},
        {"byte-order-mark", "\xef\xbb\xbf" + plain},
        {"comment", "# for Friday\n" + replaced(plain, "jobs:\n", "jobs:  # two\n")},
        {"quotes",
         "version: 1\njobs:\n  - {id: 'fox', image: \"fox.png\", motion: 'wave.mp4', prompt: \"A fox waves.\"}\n"
         "  - {id: owl, image: 'owl.png', motion: \"wave.mp4\", prompt: 'An owl waves.', mode: '1080p', orientation: 'image'}\n"},
        {"json", R"({"version": 1, "jobs": [{"id": "fox", "image": "fox.png", "motion": "wave.mp4", "prompt": "A fox waves."}, )"
                 R"({"id": "owl", "image": "owl.png", "motion": "wave.mp4", "prompt": "An owl waves.", "mode": "1080p", "orientation": "image"}]})"},
        {"key-order",
         "jobs:\n  - {prompt: A fox waves., motion: wave.mp4, image: fox.png, id: fox}\n"
         "  - {orientation: image, mode: 1080p, prompt: An owl waves., motion: wave.mp4, id: owl, image: owl.png}\nversion: 1\n"},
        // and these were not in the report
        {"job-order",
         "version: 1\njobs:\n  - {id: owl, image: owl.png, motion: wave.mp4, prompt: An owl waves., mode: 1080p, orientation: image}\n"
         "  - {id: fox, image: fox.png, motion: wave.mp4, prompt: A fox waves.}\n"},
        {"ids", replaced(replaced(plain, "id: fox", "id: renard"), "id: owl, ", "")},
        {"words", "batch: other-words\npriority: 7\nnote: for Friday\nlabels: {project: \"4711\"}\nshare: art\nbudget: 900\nrun: 1\n" + plain},
        {"defaults",
         "version: 1\ndefaults: {motion: wave.mp4, prompt: An owl waves., mode: 1080p, orientation: image}\njobs:\n"
         "  - {image: fox.png, prompt: A fox waves., mode: 720p, orientation: video}\n  - {image: owl.png}\n"},
        {"said-by-default", replaced(plain, "A fox waves.}", "A fox waves., mode: 720p, orientation: video, takes: 1}")},
        {"block-prompt", replaced(plain, "  - {id: fox, image: fox.png, motion: wave.mp4, prompt: A fox waves.}\n",
                                  "  - id: fox\n    image: fox.png\n    motion: wave.mp4\n    prompt: |\n      A fox waves.\n")},
        {"folded-prompt", replaced(plain, "  - {id: fox, image: fox.png, motion: wave.mp4, prompt: A fox waves.}\n",
                                   "  - id: fox\n    image: fox.png\n    motion: wave.mp4\n    prompt: >-\n      A fox\n      waves.\n")},
        {"escaped-prompt", replaced(plain, "prompt: A fox waves.", "prompt: \"A f\\x6fx\\u0020waves.\"")},
        {"image-renamed", replaced(plain, "fox.png", "hero-final.png"), renamed("fox.png", "hero-final.png")},
        {"upper-case", replaced(plain, "fox.png", "FOX.PNG"), renamed("fox.png", "FOX.PNG")},
        {"composed", replaced(plain, "fox.png", "f\xc3\xbchs.png"), renamed("fox.png", "fu\xcc\x88hs.png")},
        {"in-a-folder", replaced(plain, "fox.png", "cast/fox.png"), renamed("fox.png", "cast/fox.png")},
        {"wrong-extension", replaced(plain, "fox.png", "fox.jpg"), renamed("fox.png", "fox.jpg")},
        {"matrix-beside",
         "version: 1\nmatrix: {image: [\"f*.png\"], motion: [\"*.mp4\"], prompt: {day: A fox waves.}}\n"
         "jobs:\n  - {image: owl.png, motion: wave.mp4, prompt: An owl waves., mode: 1080p, orientation: image}\n"},
        {"partial-with-a-bad-one", "partial: true\n" + plain + "  - {id: bad, image: none.png, motion: wave.mp4, prompt: A bear waves.}\n"},
        {"seconds-left-aside", replaced(plain, "A fox waves.}", "A fox waves., seconds: 4}")},
        {"more-beside-it", plain, with("not-named.png", "image of nobody")},
    };
    return all;
}

}  // namespace

TEST_CASE_FIXTURE(Twins, "seven forms of one manifest and many more are one drop: a task for each job, and each form is told so and how to mean it") {
    settings.config.shares["art"] = {};
    start();
    drop("plain", plain, three);
    REQUIRE(rest(1h));
    REQUIRE(provider.tasks.size() == 2);
    CHECK(warnings("plain") == "");
    for (const auto& form : forms()) {
        INFO(form.name);
        const auto report = drop_form(form);
        CHECK(has(report, "accepted as batch \"plain\" already"));
        CHECK(has(report, "write `run: 2` into it"));
        CHECK(provider.tasks.size() == 2);
    }
    write_file(World::media() / "fox.png", three.at("fox.png"));
    write_file(World::media() / "owl.png", three.at("owl.png"));
    write_file(World::media() / "wave.mp4", three.at("wave.mp4"));
    drop_lone("alone.yaml", plain);
    REQUIRE(rest(1h));
    CHECK(fs::exists(spool("rejected/alone.report.txt")));
    CHECK(provider.tasks.size() == 2);
    CHECK(broken_promises() == "");
    MESSAGE((forms().size() + 1) << " forms of a manifest of 2 jobs: " << provider.tasks.size() << " tasks");
}

TEST_CASE_FIXTURE(Twins, "a matrix is its jobs written out, and takes are repeated jobs") {
    start();
    drop("matrix", "version: 1\nmatrix: {image: [fox.png, \"o*.png\"], motion: [wave.mp4], prompt: [By day., By night.], takes: 2}\ndefaults: {mode: 1080p}\n",
         three);
    REQUIRE(rest(1h));
    REQUIRE(provider.tasks.size() == 8);
    std::string written = "version: 1\njobs:\n";
    for (const auto* prompt : {"By night.", "By day."}) {
        for (const auto* image : {"fox", "owl"}) {
            for (int take = 0; take < 2; take++)
                written += "  - {image: " + std::string{image} + ".png, motion: wave.mp4, mode: 1080p, prompt: " + prompt + "}\n";
        }
    }
    CHECK(has(drop_form({"written", written}), "accepted as batch \"matrix\" already"));
    CHECK(provider.tasks.size() == 8);
}

TEST_CASE("what would render anything else is no twin, and is paid for; its jobs that are known are told with batch, number and price") {
    const std::vector<Form> near{
        {"a-blank", replaced(plain, "A fox waves.", "\"A fox waves. \"")},
        {"a-blank-within", replaced(plain, "A fox waves.", "\"A fox  waves.\"")},
        {"a-line", replaced(plain, "A fox waves.", "\"A fox\\nwaves.\"")},
        {"a-letter", replaced(plain, "A fox waves.", "a fox waves.")},
        {"orientation", replaced(plain, "A fox waves.}", "A fox waves., orientation: image}")},
        {"mode", replaced(plain, "A fox waves.}", "A fox waves., mode: 1080p}")},
        {"one-byte", plain, with("fox.png", "image of a fax")},
        {"motion", replaced(plain, "wave.mp4, prompt: A fox", "jump.mp4, prompt: A fox"), with("jump.mp4", "motion: a jump")},
        {"one-more", plain + "  - {id: bear, image: owl.png, motion: wave.mp4, prompt: A bear waves.}\n"},
        {"one-take-more", replaced(plain, "A fox waves.}", "A fox waves., takes: 2}")},
        {"one-fewer", plain.substr(0, plain.find("  - {id: owl"))},
        {"prompts-swapped", replaced(replaced(replaced(plain, "A fox waves.", "X"), "An owl waves.", "A fox waves."), "X", "An owl waves.")},
        {"run-2", "run: 2\n" + plain},
    };
    for (const auto& form : near) {
        INFO(form.name);
        Twins world;
        world.start();
        world.drop("plain", plain, three);
        REQUIRE(world.rest(1h));
        REQUIRE(world.provider.tasks.size() == 2);
        CHECK(world.drop_form(form) == "");
        const auto jobs = world.store().views.jobs({}).size() - 2;
        CHECK(world.provider.tasks.size() == 2 + jobs);
        const auto said = world.warnings(form.name);
        CAPTURE(said);
        const bool meant = form.name == "run-2" || form.name == "prompts-swapped";
        CHECK(has(said, "would render what batch \"plain\" renders already") != meant);
        if (form.name == "a-blank") {
            CHECK(has(said, "a-blank/manifest.yaml:4:5: warning: 1 of 2 jobs (\"owl\") would render what batch \"plain\" renders already"));
            CHECK(has(said, "for 90 credits; leave it out if that is not meant"));
        }
        if (form.name == "one-take-more") CHECK(has(said, "3 of 3 jobs (\"fox\", \"fox-t2\" and \"owl\")"));
    }
}

TEST_CASE_FIXTURE(Twins, "another model renders another video; jobs still waiting when the model changes are of the new one") {
    start();
    drop("plain", plain, three);
    REQUIRE(rest(1h));
    stop();
    settings.config.provider.model = "kling-3/motion-control";
    settings.config.limits.running = 0;
    start();
    drop("other", plain, three);
    REQUIRE(run_until(1min, [&] { return fs::exists(spool("accepted/other")); }));
    CHECK(warnings("other") == "");
    stop();
    settings.config.provider.model = "kling-2.6/motion-control";
    settings.config.limits.running = 100;
    start();
    REQUIRE(run_until(1h, [&] { return in_state("done") == 4; }));  // "other" was queued, and is rendered by the first model
    stop();
    settings.config.provider.model = "kling-3/motion-control";
    start();
    CHECK(drop_form({"new-model", plain}) == "");
    CHECK(drop_form({"new-model-again", plain}) != "");
    stop();
    settings.config.provider.model = "kling-2.6/motion-control";
    start();
    CHECK(has(drop_form({"old-model-again", plain}), "write `run: 2`"));
    CHECK(provider.tasks.size() == 6);
}

TEST_CASE_FIXTURE(Twins, "`run` means it, once for each number, and what is said names the first that is free") {
    start();
    drop("plain", plain, three);
    REQUIRE(rest(1h));
    CHECK(drop_form({"second", "run: 2\n" + plain}) == "");
    CHECK(has(drop_form({"second-again", plain + "run: 2\n"}), "accepted as batch \"second\" already"));
    CHECK(has(drop_form({"first-again", plain}), "write `run: 3` into it"));
    CHECK(drop_form({"fifth", "run: 5\n" + plain}) == "");
    CHECK(drop_form({"fourth", "run: 4\n" + plain}) == "");
    CHECK(has(drop_form({"fourth-again", "run: 4\n" + plain}), "write `run: 6` into it"));
    CHECK(provider.tasks.size() == 8);
    for (const auto* batch : {"second", "fifth", "fourth"}) CHECK(warnings(batch) == "");
}

TEST_CASE_FIXTURE(Twins, "what was cancelled before anything was sent does not count, unless a job of it is left or was ever sent") {
    settings.config.limits.running = 0;
    start();
    drop("plain", plain, three);
    REQUIRE(run_until(1min, [&] { return in_state("queued") == 2; }));
    order(domain::Act::cancel, "plain/fox");
    drop("half", plain, three);
    REQUIRE(run_until(1min, [&] { return fs::exists(spool("rejected/half.report.txt")); }));
    order(domain::Act::cancel, "plain/owl");
    drop("again", plain, three);
    REQUIRE(run_until(1min, [&] { return fs::exists(spool("accepted/again")); }));
    CHECK(warnings("again") == "");
    settings.config.limits.running = 100;
    REQUIRE(run_until(10min, [&] { return in_state("running") + in_state("downloading") + in_state("done") >= 1; }));
    order(domain::Act::discard, "again/fox");
    order(domain::Act::discard, "again/owl");
    CHECK(has(drop_form({"third", plain}), "accepted as batch \"again\" already"));
    CHECK(provider.tasks.size() == 2);
}

TEST_CASE_FIXTURE(Twins, "a free failure does not make its drop another, but its jobs in another drop are no repeats") {
    provider.fate = [](const std::string& prompt, int) { return has(prompt, "fox") ? Fate{.failure = "content moderation", .cost = {}} : Fate{}; };
    start();
    drop("plain", plain, three);
    REQUIRE(rest(1h));
    REQUIRE(in_state("failed") == 1);
    CHECK(has(drop_form({"again", plain}), "accepted as batch \"plain\""));
    CHECK(drop_form({"fox-alone", plain.substr(0, plain.find("  - {id: owl"))}) == "");
    CHECK(warnings("fox-alone") == "");
}

TEST_CASE_FIXTURE(Twins, "what is appended is compared with what was appended to that batch before, ids included; of the rest its author is warned") {
    const std::string head = "version: 1\nappend: plain\njobs:\n";
    const std::string bear = "image: fox.png, motion: wave.mp4, prompt: A bear waves.}\n";
    start();
    drop("plain", plain, three);
    REQUIRE(rest(1h));
    CHECK(drop_form({"more", head + "  - {id: bear, " + bear}) == "");
    CHECK(has(drop_form({"more-again", "# once more\r\n" + head + "  - {id: BEAR, " + bear}), "appended to batch \"plain\" already"));
    CHECK(drop_form({"meant", head + "  - {id: bear-2, " + bear}) == "");
    CHECK(has(warnings("plain"), "1 of 1 job (\"bear-2\") would render what batch \"plain\" renders already"));
    CHECK(drop_form({"a-batch", "version: 1\njobs:\n  - {id: bear, " + bear}) == "");  // no drop renders just that
    CHECK(has(warnings("a-batch"), "1 of 1 job (\"bear\") would render what batch \"plain\" renders already"));
    CHECK(has(drop_form({"plain-again", plain}), "accepted as batch \"plain\" already"));  // what was appended does not make it another
    CHECK(provider.tasks.size() == 5);
}

TEST_CASE_FIXTURE(Twins, "jobs that render the same within one manifest are told in one warning a group, with their names and price; takes are meant") {
    start();
    const auto more = Files{{"fox.png", "image of a fox"},        {"Copy of fox.png", "image of a fox"}, {"fox (1).png", "image of a fox"},
                            {"fox - Copy.png", "image of a fox"}, {"owl.png", "image of an owl"},        {"wave.mp4", "motion: a wave"}};
    const std::string matrix = "version: 1\nmatrix:\n  image: [\"*.png\"]\n  motion: [wave.mp4]\n  takes: 2\ndefaults: {prompt: p}\n";
    drop("glob", matrix + "jobs:\n  - {id: again, image: owl.png, motion: wave.mp4}\n  - {id: bear, image: owl.png, motion: wave.mp4, prompt: b, takes: 3}\n",
         more);
    REQUIRE(rest(1h));
    const auto said = warnings("glob");
    CAPTURE(said);
    CHECK(std::ranges::count(said, '\n') == 2);
    CHECK(has(said,
              "glob/manifest.yaml:3:3: warning: the jobs \"Copy-of-fox-wave\", \"fox--1--wave\", \"fox---Copy-wave\" and \"fox-wave\" render the same (equal "
              "image, motion, prompt, mode and orientation); the repeats cost 330 credits; leave them out, or write `takes: 8` in one job"));
    CHECK(has(said, "the jobs \"again\" and \"owl-wave\" render the same"));
    CHECK(has(said, "the repeats cost 110 credits; leave them out, or write `takes: 3`"));
    CHECK(provider.tasks.size() == 14);
}

TEST_CASE_FIXTURE(Twins, "addresses are compared as what they reach, contents of files by their bytes") {
    provider.elsewhere = [](const http::Url& url, const http::Request&) {
        const bool image = url.target.starts_with("/fox");
        return http::Response{200, {{"Content-Type", image ? "image/png" : "video/mp4"}, {"Content-Length", "900000"}}, {}};
    };
    const auto manifest = [](const std::string& image, const std::string& seconds = "5") {
        return "version: 1\njobs:\n  - {image: \"" + image + "\", motion: \"https://cdn.example/wave.mp4\", prompt: p, seconds: " + seconds + "}\n";
    };
    start();
    drop("url", manifest("https://cdn.example/fox.png"), {});
    REQUIRE(rest(1h));
    REQUIRE(provider.tasks.size() == 1);
    int n = 0;
    for (const auto* same :
         {"https://CDN.example/fox.png", "HTTPS://cdn.example/fox.png", "https://cdn.example:443/fox.png", "https://cdn.example/fox.png#face"})
        CHECK_MESSAGE(has(drop_form({"same-" + std::to_string(++n), manifest(same), {}}), "accepted as batch \"url\""), same);
    CHECK(has(drop_form({"seconds", manifest("https://cdn.example/fox.png", "5.5"), {}}), "accepted as batch \"url\""));
    CHECK(provider.tasks.size() == 1);
    for (const auto* other : {"https://cdn.example/Fox.png", "https://cdn.example/fox.png?v=2", "https://cdn2.example/fox.png"}) {
        provider.elsewhere = [](const http::Url& url, const http::Request&) {
            const bool image = !url.target.starts_with("/wave");
            return http::Response{200, {{"Content-Type", image ? "image/png" : "video/mp4"}, {"Content-Length", "900000"}}, {}};
        };
        CHECK_MESSAGE(drop_form({"other-" + std::to_string(++n), manifest(other), {}}) == "", other);
    }
    CHECK(provider.tasks.size() == 4);
}

TEST_CASE_FIXTURE(Twins, "drops of a version that knew manifests by their bytes are known by what they rendered, appended and replaced jobs among them") {
    provider.fate = [](const std::string& prompt, int nth) {
        return has(prompt, "owl") && nth == 0 ? Fate{.failure = "content moderation", .cost = Credits::whole(20)} : Fate{};
    };
    const std::string bear = "  - {id: bear, image: fox.png, motion: wave.mp4, prompt: A bear waves.}\n";
    const std::string append = "version: 1\nappend: plain\npartial: true\njobs:\n" + bear +
                               "  - {id: owl, image: owl.png, motion: wave.mp4, prompt: An owl flies.}\n  - {id: bad, image: none.png, motion: wave.mp4}\n";
    start();
    drop("plain", plain, three);
    drop("takes", "version: 1\npartial: true\njobs:\n  - {image: fox.png, motion: wave.mp4, prompt: t, takes: 3}\n  - {image: gone.png, motion: wave.mp4}\n",
         three);
    REQUIRE(rest(2h));
    CHECK(drop_form({"append", append}) == "");
    CHECK(drop_form({"second", "run: 2\n" + plain}) == "");
    const auto tasks = provider.tasks.size();
    forget_renders();
    stop();
    start();
    run_for(1s);
    CHECK(has(drop_form({"plain-again", "# another form\n" + plain}), "accepted as batch \"plain\" already"));
    CHECK(has(drop_form({"second-again", "# another form\nrun: 2\n" + plain}), "write `run: 3`"));
    CHECK(has(drop_form({"append-again", append + "# another form\n"}), "appended to batch \"plain\" already"));
    CHECK(has(drop_form({"takes-again", "version: 1\njobs:\n" + replaced("JJJ", "J", "  - {image: fox.png, motion: wave.mp4, prompt: t}\n")}),
              "accepted as batch \"takes\" already"));
    CHECK(provider.tasks.size() == tasks);
    CHECK(drop_form({"some", "version: 1\njobs:\n" + bear + "  - {image: owl.png, motion: wave.mp4, prompt: new}\n"}) == "");
    CHECK(has(warnings("some"), "1 of 2 jobs (\"bear\") would render what batch \"plain\" renders already"));
}

TEST_CASE("a crash at every commit while earlier drops are fingerprinted anew: nothing is taken before, and the twin is known") {
    for (std::size_t dies = 0; dies < 12; dies++) {
        INFO(dies);
        Twins world;
        world.start();
        for (int n = 0; n < 3; n++) world.drop("batch-" + std::to_string(n), replaced(plain, "waves.", "waves " + std::to_string(n)), three);
        REQUIRE(world.rest(1h));
        REQUIRE(world.provider.tasks.size() == 6);
        world.forget_renders();
        world.stop();
        const auto first = world.commits;
        world.dies_at_commit = [&](std::size_t number, bool after) { return world.lives == 2 && number == first + dies / 2 && after == (dies % 2 == 1); };
        world.drop("again", "# another form\n" + replaced(plain, "waves.", "waves 2"), three);
        world.start();
        REQUIRE(world.rest(1h));
        CHECK(fs::exists(world.spool("rejected/again.report.txt")));
        CHECK(world.provider.tasks.size() == 6);
        CHECK(world.broken_promises() == "");
    }
}

TEST_CASE_FIXTURE(Twins, "what failed under one model and is retried under another is known by what it rendered, and while it waits by what it will") {
    provider.create_instead = [](const std::string&) { return std::optional{envelope(500, "The model name you specified is not supported")}; };
    start();
    drop("plain", plain, three);
    REQUIRE(rest(1h));
    REQUIRE(in_state("failed") == 2);
    run_for(10min);
    stop();
    provider.create_instead = [](const std::string&) { return std::nullopt; };
    settings.config.provider.model = "kling-3/motion-control";
    settings.config.limits.running = 0;
    start();
    order(domain::Act::retry, "plain", "bad-parameter");
    run_for(1min);
    REQUIRE(in_state("queued") == 2);
    drop("while-it-waits", plain, three);
    CHECK(run_until(5min, [&] { return fs::exists(spool("rejected/while-it-waits.report.txt")); }));
    stop();
    settings.config.limits.running = 100;
    start();
    REQUIRE(rest(1h));
    REQUIRE(in_state("done") == 2);
    CHECK(drop_form({"again", plain}) != "");
    CHECK(provider.tasks.size() == 2);
}

TEST_CASE_FIXTURE(Twins, "tasks of one model that fail for nothing and are tried again under another are known by that") {
    provider.fate = [](const std::string&, int nth) { return nth == 0 ? Fate{.takes = 10min, .failure = "Internal error", .cost = 0_credits} : Fate{}; };
    start();
    drop("plain", plain, three);
    REQUIRE(run_until(1min, [&] { return in_state("running") == 2; }));
    stop();
    settings.config.provider.model = "kling-3/motion-control";
    start();
    REQUIRE(rest(1h));
    REQUIRE(in_state("done") == 2);
    REQUIRE(provider.tasks.size() == 4);
    CHECK(drop_form({"again", plain}) != "");
    CHECK(provider.tasks.size() == 4);
}

TEST_CASE("a crash at every commit while another model's fingerprints are made, and the first model again: the twin is known") {
    for (std::size_t dies = 0; dies < 8; dies++) {
        INFO(dies);
        Twins world;
        const auto model = world.settings.config.provider.model;
        world.settings.config.limits.running = 0;
        world.start();
        world.drop("plain", plain, three);
        REQUIRE(world.run_until(1min, [&] { return world.in_state("queued") == 2; }));
        world.stop();
        const auto first = world.commits;
        world.dies_at_commit = [&](std::size_t number, bool after) { return world.lives == 2 && number == first + dies / 2 && after == (dies % 2 == 1); };
        world.settings.config.provider.model = "kling-3/motion-control";
        world.start();
        world.run_for(1min);
        world.stop();
        world.settings.config.provider.model = model;
        world.settings.config.limits.running = 100;
        world.start();
        REQUIRE(world.rest(1h));
        REQUIRE(world.provider.tasks.size() == 2);
        CHECK(world.drop_form({"again", plain}) != "");
        CHECK(world.provider.tasks.size() == 2);
    }
}

}  // namespace motionspool::test
