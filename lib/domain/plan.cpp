#include "domain/plan.hpp"
#include <algorithm>
#include <queue>
#include <utility>
#include "base/text.hpp"

namespace motionspool::domain {
namespace {
using std::chrono::milliseconds;

constexpr int most_passes = 2'000;  ///< days, windows and months that are looked through; who waits for longer never comes

/// A job in line.
struct Waiting {
    std::size_t batch = 0;
    PlannedJob job;
    bool told = false;  ///< what it waits for first
};

std::string rate_in_words(const Rate& rate) { return "at most " + std::to_string(rate.count) + " submissions in " + to_words(rate.window); }

class Rehearsal {
public:
    Rehearsal(PlannedWorld world, std::span<const PlannedBatch> batches)
        : world_{std::move(world)}, batches_{batches}, plans_(batches.size()), at_{world_.now} {
        for (const auto& purse : world_.purses) renewals_.push_back(purse.renewed ? std::optional{purse.renewed(at_)} : std::nullopt);
        for (const auto left : world_.running) ends_.push(at_ + left);
        for (const auto takes : world_.ahead) submit(takes);
        for (std::size_t b = 0; b < batches_.size(); b++) {
            for (const auto& job : batches_[b].jobs) line_.push_back({b, job});
        }
    }

    std::vector<Plan> run() {
        stop();
        began_ = at_;
        for (int pass = 0; pass < most_passes && !line_.empty(); pass++) {
            look_again_.reset();
            too_dear_.assign(batches_.size(), std::nullopt);
            std::vector<Waiting> later;
            for (auto& waiting : std::exchange(line_, {})) {
                if (!goes(waiting)) later.push_back(waiting);
            }
            line_ = std::move(later);
            if (!look_again_) break;
            at_ = std::max(at_, *look_again_);
        }
        for (const auto& waiting : line_) plans_[waiting.batch].never++;
        for (auto& plan : plans_) std::ranges::stable_sort(plan.waits, {}, &PlannedWait::why);
        return std::move(plans_);
    }

private:
    /// What stops everything, and whole batches, comes first.
    void stop() {
        for (const auto& all : world_.stops) {
            for (std::size_t b = 0; b < batches_.size(); b++) stop(b, all);
            if (all.until) at_ = std::max(at_, *all.until);
        }
        for (std::size_t b = 0; b < batches_.size(); b++) {
            for (const auto& own : batches_[b].stops) stop(b, own);
        }
    }
    void stop(std::size_t batch, const PlannedStop& stop) {
        auto& plan = plans_[batch];
        if (!stop.until) plan.needs_a_person = true;
        if (!plan.waits.empty()) return;
        plan.waits.push_back({stop.why, batches_[batch].jobs.size(), stop.text});
        for (auto& waiting : line_) waiting.told = waiting.told || waiting.batch == batch;
    }

    void wait(Waiting& waiting, Why why, const std::string& text) {
        if (std::exchange(waiting.told, true)) return;
        auto& waits = plans_[waiting.batch].waits;
        const auto known = std::ranges::find_if(waits, [&](const PlannedWait& one) { return one.why == why && one.text == text; });
        if (known != waits.end())
            known->jobs++;
        else
            waits.push_back({why, 1, text});
    }
    void look_again_at(Instant then) { look_again_ = look_again_ ? std::min(*look_again_, then) : then; }

    /// @return false: it waits, or never comes
    bool goes(Waiting& waiting) {
        auto& too_dear = too_dear_[waiting.batch];
        if (waiting.told && too_dear && waiting.job.price >= *too_dear) return false;  // as for the one before it
        const auto [when, why] = place();
        renew(when);
        const bool open = window_is_open(waiting, when);
        if (!open || !can_pay(waiting)) {
            too_dear = open ? waiting.job.price : Credits{};
            return false;
        }
        because_ = why;
        if (when > began_) wait(waiting, why, why == Why::rate ? rate_in_words(*world_.rate) : "at most " + count_of(*world_.limit, "task") + " at once");
        for (const auto p : batches_[waiting.batch].purses) world_.purses[p].left = world_.purses[p].left - waiting.job.price;
        at_ = std::max(at_, when);
        const auto end = submit(waiting.job.takes);
        auto& finish = plans_[waiting.batch].finish;
        finish = finish ? std::max(*finish, end) : end;
        return true;
    }

    bool window_is_open(Waiting& waiting, Instant when) {
        const auto& batch = batches_[waiting.batch];
        if (batch.window.empty()) return true;
        if (!batch.stand) {
            wait(waiting, Why::window, "the window " + batch.window + ", which the configuration does not have");
            return false;
        }
        const auto stand = batch.stand(when);
        if (stand.day) return true;
        wait(waiting, Why::window, "the window " + batch.window);
        look_again_at(stand.changes);
        return false;
    }

    bool can_pay(Waiting& waiting) {
        for (const auto p : batches_[waiting.batch].purses) {
            const auto& purse = world_.purses[p];
            if (waiting.job.price <= purse.left) continue;
            wait(waiting, purse.why, purse.what);
            if (renewals_[p] && waiting.job.price <= purse.limit) look_again_at(*renewals_[p]);
            return false;
        }
        return true;
    }

    void renew(Instant when) {
        for (std::size_t p = 0; p < world_.purses.size(); p++) {
            auto& purse = world_.purses[p];
            if (!renewals_[p] || *renewals_[p] > when) continue;
            purse.left = purse.limit;
            renewals_[p] = purse.renewed(when);
        }
    }

    struct Place {
        Instant when;
        Why why;
    };
    /// When the next submission may go, and which limit says so.
    [[nodiscard]] Place place() const {
        Place place{at_, because_};
        if (world_.rate && sent_.size() >= static_cast<std::size_t>(world_.rate->count)) {
            const auto free = sent_.front() + world_.rate->window + world_.rate->window / 100;
            if (free > place.when) place = {free, Why::rate};
        }
        if (world_.limit && ends_.size() >= std::max<std::size_t>(*world_.limit, 1) && ends_.top() > place.when) place = {ends_.top(), Why::running};
        return place;
    }

    /// @return when it ends
    Instant submit(milliseconds takes) {
        const auto when = place().when;
        at_ = std::max(at_, when);
        if (world_.rate) {
            sent_.push(at_);
            while (sent_.size() > static_cast<std::size_t>(world_.rate->count)) sent_.pop();
        }
        while (!ends_.empty() && ends_.top() <= at_) ends_.pop();
        ends_.push(at_ + takes);
        return at_ + takes;
    }

    PlannedWorld world_;
    std::span<const PlannedBatch> batches_;
    std::vector<Plan> plans_;
    Instant at_;               ///< how far it has come
    Instant began_;            ///< when the first may go
    Why because_ = Why::rate;  ///< what took it there
    std::vector<Waiting> line_;
    std::vector<std::optional<Instant>> renewals_;
    std::queue<Instant> sent_;  ///< the last submissions, as many as the rate takes
    std::priority_queue<Instant, std::vector<Instant>, std::greater<>> ends_;
    std::optional<Instant> look_again_;
    std::vector<std::optional<Credits>> too_dear_;  ///< by batch: in this pass nothing of that price goes
};

}  // namespace

std::vector<Plan> plan(PlannedWorld world, std::span<const PlannedBatch> batches) { return Rehearsal{std::move(world), batches}.run(); }

}  // namespace motionspool::domain
