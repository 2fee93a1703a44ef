#include "app/key_watch.hpp"
#include "base/text.hpp"
#include "domain/waiting.hpp"
#include "system/hmac.hpp"
#include "system/log.hpp"

namespace motionspool::app {
namespace {

constexpr std::size_t digits = 16;
/// Facts: the key that is in doubt, and why ("FINGERPRINT TEXT"); the key that a person said is meant.
constexpr const char *in_doubt = "key_doubt", *is_meant = "key_meant";

}  // namespace

std::string fingerprint_of(const system::Secret& key, store::Store& store) {
    const auto text = "motionspool: which key made an attempt\n" + store.notes.fact("state_id").value_or("unnamed");
    return system::hmac_sha256_hex(key.reveal(), text).substr(0, digits);
}

std::optional<std::string> key_doubt(store::Store& store) {
    const auto fact = store.notes.fact(in_doubt);
    if (!fact || fact->size() <= digits) return std::nullopt;
    return fact->substr(digits + 1);
}

KeyWatch::KeyWatch(const Settings& settings, Clock& clock, store::Store& store) : settings_{settings}, clock_{clock}, store_{store} {}

void KeyWatch::recover() {
    const auto mine = fingerprint_of(settings_.key, store_);
    const auto others = store_.attempts.of_other_keys(mine, late_questions);
    if (others.named > 0)
        log::warn("another API key made {} that may still have a task; if it is of this account, they are taken up by themselves; else put it back and restart",
                  count_of(others.named, "submission"));
    const auto doubt = store_.notes.fact(in_doubt);
    if (!doubt) return;
    if ((others.asked > 0 || store_.attempts.unknown() > 0) && doubt->starts_with(mine + " ")) {
        taken_up_ = true;
        log::warn("nothing is submitted: {}; {}", doubt->substr(digits + 1), domain::remedy_for_key_doubt);
        return;
    }
    store_.notes.forget_fact(in_doubt);
}

void KeyWatch::look_again() {
    if (!store_.notes.fact(in_doubt) || store_.attempts.unknown() > 0) return;
    if (store_.attempts.of_other_keys(fingerprint_of(settings_.key, store_), late_questions).asked > 0) return;
    seen_ = {};
    store_.notes.forget_fact(in_doubt);
    changed();
}

bool KeyWatch::own(const store::Attempt& attempt) const { return attempt.key == fingerprint_of(settings_.key, store_); }

bool KeyWatch::in_question(const store::Attempt& attempt) { return !own(attempt) || store_.attempts.unknown(attempt.job); }

void KeyWatch::known(const store::Attempt& attempt) {
    accepted();
    if (store_.attempts.troubled(attempt.job)) store_.attempts.known(attempt.job);
    const auto mine = fingerprint_of(settings_.key, store_);
    const bool was_own = attempt.key == mine;
    if (!was_own) {
        store_.attempts.take_key(attempt, mine);
        for (auto& [id, ours] : seen_.unknown) ours = ours || own(*store_.attempts.get(id));
        std::erase_if(seen_.unknown, [this](const auto& task) {  // given up
            return task.second && store_.attempts.get(task.first)->state != domain::AttemptState::submitted;
        });
    }
    seen_ = domain::after_answer(std::move(seen_), attempt.id, true, was_own, clock_.boot());
    if (!store_.notes.fact(in_doubt)) return;
    if (was_own && of_others_unknown()) return;  // it tells nothing about those
    store_.notes.forget_fact(in_doubt);
    log::info("the provider knows a task again: submissions go on");
    changed();
}

bool KeyWatch::of_others_unknown() {
    if (domain::of_others(seen_)) return true;
    return taken_up_ && store_.attempts.of_other_keys(fingerprint_of(settings_.key, store_), late_questions).asked > 0;
}

void KeyWatch::unknown(const store::Attempt& attempt, BootTime next, bool old) {
    accepted();
    const auto now = clock_.now();
    const bool mine = own(attempt);
    if (old || (!mine && !attempt.key.empty())) {
        const std::string text =
            mine ? "the provider does not know this task" : "the provider does not know this task under the API key in use, which another one may have made";
        store_.attempts.put_off(attempt.job, store::Attempts::Trouble::unknown, text, now + (next - clock_.boot()), now);
    }
    seen_ = domain::after_answer(std::move(seen_), attempt.id, false, mine, clock_.boot());
    judge();
}

void KeyWatch::refused(const store::Attempt& attempt, const std::string& message, BootTime next) {
    const auto now = clock_.now();
    const auto text = "the provider refuses the API key (" + message + ")";
    store_.attempts.put_off(attempt.job, store::Attempts::Trouble::refused, text, now + (next - clock_.boot()), now);
    if (refused_.empty()) log::error("tasks cannot be followed: {}; {}", text, domain::remedy_for_refused_key);
    refused_.insert(attempt.job);
}

void KeyWatch::accepted() {
    if (refused_.empty()) return;
    log::info("the provider accepts the API key again");
    for (const auto job : std::exchange(refused_, {}))
        if (!store_.attempts.unknown(job)) store_.attempts.known(job);
}

void KeyWatch::judge() {
    const auto doubt = domain::doubt(seen_, clock_.boot());
    const auto mine = fingerprint_of(settings_.key, store_);
    if (!doubt || store_.notes.fact(is_meant) == mine) return;
    const auto text = mine + " " + domain::words_for(*doubt);
    const auto before = store_.notes.fact(in_doubt);
    if (before == text) return;
    store_.notes.set_fact(in_doubt, text);
    if (before) return;
    log::error("nothing is submitted: {}; {}", domain::words_for(*doubt), domain::remedy_for_key_doubt);
    changed();
}

void KeyWatch::over(AttemptId attempt) {
    seen_ = domain::without(std::move(seen_), attempt);
    if (!seen_.unknown.empty() || !store_.notes.fact(in_doubt)) return;
    store_.notes.forget_fact(in_doubt);
    changed();
}

bool KeyWatch::meant() {
    if (!store_.notes.fact(in_doubt)) return false;
    store_.notes.forget_fact(in_doubt);
    store_.notes.set_fact(is_meant, fingerprint_of(settings_.key, store_));
    changed();
    return true;
}

}  // namespace motionspool::app
