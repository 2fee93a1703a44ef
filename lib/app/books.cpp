#include "app/books.hpp"
#include <algorithm>
#include "app/tariff.hpp"
#include "system/time_zone.hpp"

namespace motionspool::app {
using namespace std::chrono_literals;

namespace {

/// What those who are on their way in will be booked to this account.
Credits entering_into(const std::string& account, const Entering& entering) {
    Credits sum;
    for (const auto& [job, entered] : entering) {
        if (std::ranges::find(entered.accounts, account) != entered.accounts.end()) sum += entered.price;
    }
    return sum;
}

}  // namespace

Books::Books(const config::Config& config, store::Store& store) : config_{config}, store_{store}, zone_{system::time_zone(config.timezone)} {}

const Books::Today& Books::today(Instant at) {
    if (!today_.text.empty() && at >= today_.began && at < today_.ends) return today_;
    const auto starts = config_.credits.day_starts;
    const auto date = domain::accounting_date(at, zone_, starts);
    today_ = {date, domain::to_string(date), at, domain::day_ends(date, zone_, starts), domain::month_ends(date, zone_, starts)};
    return today_;
}

std::string Books::day(Instant at) { return today(at).text; }

const domain::WindowStand* Books::stand_of(const std::string& name, Instant at) {
    const auto configured = config_.windows.find(name);
    if (configured == config_.windows.end()) return nullptr;
    const auto known = windows_.find(name);
    if (known != windows_.end() && at >= known->second.looked && at < known->second.stand.changes) return &known->second.stand;
    const auto& times = configured->second;
    auto& window = windows_[name];
    window = {at, domain::stand_of({times.days, times.from, times.to}, at, zone_)};
    return &window.stand;
}

const config::Share* Books::share_of(const store::OpenBatch& batch) const {
    const auto share = config_.shares.find(batch.share);
    return share == config_.shares.end() ? nullptr : &share->second;
}

store::Booked Books::since(const std::string& prefix, const std::string& first) {
    const auto known = sums_.find(first);
    if (known != sums_.end()) return known->second;
    const auto booked = prefix == first ? store_.accounts.of(first) : store_.accounts.from(prefix, first);
    return sums_.emplace(first, booked).first->second;
}

std::vector<std::string> Books::accounts_of(const store::OpenBatch& batch, Instant at) {
    const auto date = day(at);
    std::vector<std::string> names{store::batch_account(batch.id), store::day_account(date), store::turn_account(batch.turns_as(), at)};
    if (!batch.share.empty()) names.push_back(store::share_account(batch.share, date));
    const auto* window = batch.window.empty() ? nullptr : stand_of(batch.window, at);
    if (window != nullptr && window->day) names.push_back(store::window_account(batch.window, domain::to_string(*window->day)));
    return names;
}

domain::Terms Books::terms_of(const store::OpenBatch& batch, Moment now, const Entering& entering) {
    domain::Terms terms{.review = batch.review, .held = batch.held, .window = std::nullopt, .purses = {}};
    terms.dispute = now.dispute;
    const auto& date = today(now.at);
    const auto month = date.text.substr(0, 7);
    const auto next_day = now.boot + (date.ends - now.at), next_month = now.boot + (date.month_ends - now.at);
    const auto add = [&](const std::string& what, const std::optional<Credits>& limit, const std::string& prefix, const std::string& first,
                         const std::string& account, std::optional<BootTime> renews, const std::string& raised_by) {
        if (!limit) return;
        const auto booked = since(prefix, first);
        terms.purses.push_back({what, *limit, booked.spent, booked.reserved, entering_into(account, entering), renews, raised_by, renews.has_value()});
    };
    const auto of_batch = store::batch_account(batch.id), of_day = store::day_account(date.text);
    add("the batch's budget", batch.budget, of_batch, of_batch, of_batch, std::nullopt, "`motionspool set BATCH budget=CREDITS`");
    if (const auto* share = share_of(batch)) {
        const auto of_share = store::share_account(batch.share, date.text), of_month = store::share_account(batch.share, month);
        const auto prefix = store::share_account(batch.share, "");
        add("the day's budget of the share " + batch.share, share->per_day, prefix, of_share, of_share, next_day, "shares." + batch.share + ".per_day");
        add("the month's budget of the share " + batch.share, share->per_month, prefix, of_month, of_share, next_month, "shares." + batch.share + ".per_month");
    }
    add_window(batch, now, entering, terms);
    add("the day's budget (credits.per_day)", config_.credits.per_day, store::day_account(""), of_day, of_day, next_day, "credits.per_day");
    add("the month's budget (credits.per_month)", config_.credits.per_month, store::day_account(""), store::day_account(month), of_day, next_month,
        "credits.per_month");
    return terms;
}

Credits Books::take_back(Instant at) {
    const auto latest = at + domain::clocks_may_differ;
    const auto date = day(at), hour = store::turn_account("", at);
    const auto same_hour = [&](std::string name) { return name.replace(name.size() - 10, 10, hour, hour.size() - 10, 10); };
    const auto same_date = [&](std::string name, const std::string& as) { return name.replace(name.size() - 10, 10, as); };
    const auto began = [&](const std::string& window) {
        const auto* stand = stand_of(window, at);
        return stand != nullptr && stand->day ? domain::to_string(*stand->day) : date;
    };
    Credits moved;
    std::map<std::string, std::string> names;
    const auto last_date = domain::to_string(domain::accounting_date(latest, zone_, config_.credits.day_starts));
    for (const auto& [name, booked] : store_.accounts.ahead(last_date, store::turn_account("", latest))) {
        const bool window = name.starts_with("window/");
        if (name.starts_with("day/")) moved += booked.reserved + booked.spent;
        names[name] = name.starts_with("turn/") ? same_hour(name) : same_date(name, window ? began(name.substr(7, name.size() - 18)) : date);
    }
    store_.move_bookings(names);
    forget();
    return moved;
}

void Books::add_window(const store::OpenBatch& batch, Moment now, const Entering& entering, domain::Terms& terms) {
    if (batch.window.empty()) return;
    const auto* stand = stand_of(batch.window, now.at);
    if (stand == nullptr) {
        terms.window = domain::Shut{batch.window, "never, as the configuration does not have it", std::nullopt};
        return;
    }
    if (!stand->day) {
        terms.window = domain::Shut{batch.window, in_words(stand->changes), now.boot + (stand->changes - now.at)};
        return;
    }
    const auto& budget = config_.windows.at(batch.window).budget;
    if (!budget) return;
    const auto account = store::window_account(batch.window, domain::to_string(*stand->day));
    const auto booked = since(store::window_account(batch.window, ""), account);
    terms.purses.push_back({"the budget of the window " + batch.window, *budget, booked.spent, booked.reserved, entering_into(account, entering),
                            now.boot + (opens_anew(batch.window, stand->changes) - now.at), "windows." + batch.window + ".budget", true});
}

Instant Books::opens_anew(const std::string& name, Instant closes) const {
    const auto& times = config_.windows.at(name);
    const auto then = domain::stand_of({times.days, times.from, times.to}, closes, zone_);
    return then.day ? closes : then.changes;
}

void Books::tell_review(const store::OpenBatch& batch, domain::Terms& terms) {
    if (!batch.review || !config_.credits.ask_above) return;
    const auto known = estimates_.find(batch.id);
    terms.estimate = known != estimates_.end() ? known->second
                                               : estimates_.emplace(batch.id, tariff_of(config_, store_).price(store_.queue.lengths(batch.id))).first->second;
    terms.ask_above = *config_.credits.ask_above;
}

std::vector<domain::BudgetUse> Books::budgets(Instant at) {
    std::vector<domain::BudgetUse> uses;
    const auto day = today(at).text;
    const auto month = day.substr(0, 7);
    const auto called = [](std::string text, const std::string& name, const char* when, const std::string& date) {
        return text.append(name).append(when).append(date);
    };
    const auto add = [&](const std::string& what, const std::string& prefix, const std::string& first, const std::optional<Credits>& limit,
                         const std::string& key) {
        const auto booked = since(prefix, first);
        uses.push_back({what, booked.spent, booked.reserved, limit, key});
    };
    add("the day " + day, store::day_account(""), store::day_account(day), config_.credits.per_day, "credits.per_day");
    if (config_.credits.per_month) add("the month " + month, store::day_account(""), store::day_account(month), config_.credits.per_month, "credits.per_month");
    for (const auto& [name, share] : config_.shares) {
        const auto prefix = store::share_account(name, "");
        if (share.per_day) add(called("the share ", name, " on ", day), prefix, store::share_account(name, day), share.per_day, "shares." + name + ".per_day");
        if (share.per_month)
            add(called("the share ", name, " in ", month), prefix, store::share_account(name, month), share.per_month, "shares." + name + ".per_month");
    }
    for (const auto& [name, window] : config_.windows) {
        const auto* stand = window.budget ? stand_of(name, at) : nullptr;
        if (stand == nullptr || !stand->day) continue;
        const auto began = domain::to_string(*stand->day);
        add(called("the window ", name, " of ", began), store::window_account(name, ""), store::window_account(name, began), window.budget,
            "windows." + name + ".budget");
    }
    return uses;
}

domain::Turn Books::turn_of(const store::OpenBatch& batch, Instant at) {
    const auto key = batch.turns_as();
    const auto used = since(store::turn_prefix(key), store::turn_account(key, at - 24h));
    const auto* share = share_of(batch);
    const int priority = share == nullptr ? batch.priority : std::min(batch.priority, share->max_priority);
    return {priority, used.reserved + used.spent, share == nullptr ? 1 : share->weight, batch.id.value()};
}

}  // namespace motionspool::app
