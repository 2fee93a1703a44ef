#include "simulator/routes.hpp"
#include <cstdio>
#include "simulator/refusals.hpp"

namespace motionspool::simulator {
namespace {

constexpr Route routes[] = {
    {"POST", "/api/v1/jobs/createTask", "createTask", Door::key, create_task},
    {"GET", "/api/v1/jobs/recordInfo", "recordInfo", Door::key, record_info},
    {"GET", "/api/v1/chat/credit", "credit", Door::key, chat_credit},
    {"POST", "/api/file-stream-upload", "upload", Door::key, stream_upload},
    {"POST", "/api/file-base64-upload", "upload", Door::key, base64_upload},
    {"POST", "/api/file-url-upload", "upload", Door::key, url_upload},
    {"POST", "/api/v1/common/download-url", "download-url", Door::key, download_url},
    {"GET", "/files/", "file", Door::agent, uploaded_file},
    {"HEAD", "/files/", "head", Door::agent, uploaded_file},
    {"GET", "/r/", "result", Door::agent, result_file},
    {"POST", "/sim/balance", "control", Door::open, control_balance},
    {"POST", "/sim/faults", "control", Door::open, control_faults},
    {"POST", "/sim/release", "control", Door::open, control_release},
    {"GET", "/sim/state", "control", Door::open, control_state},
};

bool shows_good_key(const World& world, const http::Request& request) {
    static constexpr std::string_view scheme = "Bearer ";
    const auto header = http::find(request.headers, "Authorization").value_or("");
    if (!header.starts_with(scheme)) return false;
    const auto key = header.substr(scheme.size());
    return world.options.key.empty() ? !key.empty() : key == world.options.key;
}

}  // namespace

const Route* find_route(std::string_view method, std::string_view path) {
    for (const auto& route : routes) {
        if (route.method == method && (route.path.ends_with('/') ? path.starts_with(route.path) : path == route.path)) return &route;
    }
    return nullptr;
}

std::optional<Planned> turned_away(const World& world, Visit& visit, Door door) {
    if (door == Door::open) return std::nullopt;
    if (http::find(visit.request.headers, "User-Agent").value_or("").empty()) {
        Planned cloudflare;
        cloudflare.reply.status = 403;
        cloudflare.reply.headers.push_back({"Content-Type", "text/plain; charset=UTF-8"});
        cloudflare.reply.body = std::string{"error code: 1010"};
        return cloudflare;
    }
    if (door == Door::key && !shows_good_key(world, visit.request)) return coded_answer(world, visit, 401, no_permission);
    return std::nullopt;
}

std::string http_date(Instant instant) {
    static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(instant);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(instant - day)};
    char text[64];
    std::snprintf(text, sizeof text, "%s, %02u %s %04d %02d:%02d:%02d GMT", days[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                  months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()));
    return text;
}

}  // namespace motionspool::simulator
