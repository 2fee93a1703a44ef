#include "domain/advice.hpp"
#include <algorithm>
#include <array>

namespace motionspool::domain {
namespace {

struct Advice {
    std::string_view code, text;
};
constexpr std::array<Advice, 13> advice_by_code{{
    {"moderation", "the provider's content rules refused it: change the prompt, the image or the motion"},
    {"no-upper-body", "choose an image that shows the whole upper body, facing the camera, with nothing in front of it"},
    {"no-character", "choose an image and a motion that each show one person clearly, from the first frame on"},
    {"image-fetch", "the provider could not fetch the files: render it again"},
    {"bad-parameter", "the provider does not accept one of the job's values: read its words above, and correct the job"},
    {"input-changed",
     "a file changed after the drop was accepted, so nothing was sent: drop the .again.yaml beside this report with it, and leave it alone in accepted/"},
    {"input-missing",
     "a file went away after the drop was accepted, so nothing was sent: drop the .again.yaml beside this report with it, and leave it alone in accepted/"},
    {"provider-failed", "the provider broke down over it: render it again; if that fails, too, try another motion or image"},
    {"stuck", "it is still asked about for three days, and delivered if it ends after all; render it again if that takes too long"},
    {"unknown-task",
     "the provider does not know its task: most likely the server's API key was changed; whoever keeps it can put the right one back, and the video is "
     "fetched"},
    {"result-missing", "the provider says it is rendered and gives no video: whoever keeps the server can ask the provider, with the task's number"},
    {"result-broken", "the provider's video is damaged: whoever keeps the server can ask the provider, with the task's number"},
    {"written-off",
     "no clear answer came to its submission and it was given up; `motionspool retry --cause written-off` renders it, at the risk of paying twice"},
}};

}  // namespace

std::string advice_on_uncertain(const std::string& address, Instant sent, Credits at_stake, bool callback) {
    return "No clear answer came to the submission of " + to_rfc3339(std::chrono::floor<std::chrono::seconds>(sent)) + ": its task may be rendering, and " +
           to_string(at_stake) + " credits may have been spent, so it is not sent again by itself. " +
           (callback ? "If there is a task, its callback resolves this when it ends. Else look for" : "Look for") +
           " the task in the provider's log of that minute, then say what you found: "
           "`motionspool uncertain adopt " +
           address + " TASK` if it is there; if not, `motionspool uncertain write-off " + address + "` gives the job up, and `motionspool uncertain resubmit " +
           address + "` sends it again, at the risk of paying twice.";
}

std::string advice_on_retry(std::string_view code, const std::string& address) {
    const auto command = "`motionspool retry " + address;
    if (code == "invalid") return "correct it in the manifest, and drop it again or `append:` it to the batch";
    if (code == "written-off") return command + " --cause written-off` submits it again, at the risk of paying for it twice";
    if (code == "moderation" || code == "bad-parameter")
        return "it would be refused again; " + command + " --cause " + std::string{code} + "` tries it all the same";
    if (code == "input-changed" || code == "input-missing")
        return "it is rendered from the file that was accepted, or not at all: put that back, then " + command +
               "`; for another file drop the batch's .again.yaml with it";
    return command + "` tries it again";
}

std::string_view advice_on_failure(std::string_view code) {
    const auto* const known = std::ranges::find(advice_by_code, code, &Advice::code);
    return known == advice_by_code.end() ? std::string_view{} : known->text;
}

}  // namespace motionspool::domain
