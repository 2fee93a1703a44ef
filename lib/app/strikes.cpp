#include "app/strikes.hpp"
#include <fcntl.h>
#include <unistd.h>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include "spool/files.hpp"
#include "spool/names.hpp"
#include "system/log.hpp"
#include "system/sha256.hpp"

namespace motionspool::app {
namespace json = boost::json;
namespace {

constexpr int most_strikes = 2;
constexpr std::uint64_t longest_file = 1u << 20;

/// Names may hold bytes that JSON may not.
std::string key_of(const std::string& drop) { return system::sha256_hex(drop).substr(0, 32); }

std::string text_at(const json::object& object, std::string_view key) {
    const auto* value = object.if_contains(key);
    return value != nullptr && value->is_string() ? std::string{value->get_string()} : std::string{};
}

}  // namespace

Strikes::Strikes(const std::filesystem::path& file) : file_{::open(file.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640)} {
    if (!file_) log::warn("{}; a file that kills the daemon will not be recognised", spool::problem_of("cannot open " + file.string(), errno).text);
}

void Strikes::recover() {
    const auto text = file_ ? spool::read_all(file_.get(), longest_file) : Tried<std::string>{std::string{}};
    if (!text || text->empty()) return;
    length_ = text->size();
    boost::system::error_code error;
    const auto parsed = json::parse(*text, error);
    if (error || !parsed.is_object()) return;
    for (const auto& item : parsed.get_object()) {
        const auto* strike = item.value().if_object();
        const auto* count = strike == nullptr ? nullptr : strike->if_contains("strikes");
        if (count == nullptr || !count->is_int64()) continue;
        auto& known = strikes_[std::string{item.key()}] = {static_cast<int>(count->get_int64()), text_at(*strike, "file")};
        const auto now = text_at(*strike, "reading");
        if (now.empty()) continue;
        known = {known.count + 1, now};
        log::warn("the last process ended while it was reading {} of a drop; if that happens once more the drop is set aside", now);
    }
    write();
}

void Strikes::begin(const std::string& drop) {
    key_ = key_of(drop);
    reading(drop);
}

void Strikes::reading(const std::string& file) {
    if (key_.empty() || now_ == spool::shown(file)) return;
    now_ = spool::shown(file);
    write();
}

void Strikes::end() {
    key_.clear();
    now_.clear();
    write();
}

std::optional<std::string> Strikes::out(const std::string& drop) const {
    if (strikes_.empty()) return std::nullopt;
    const auto strike = strikes_.find(key_of(drop));
    if (strike == strikes_.end() || strike->second.count < most_strikes) return std::nullopt;
    return strike->second.file;
}

void Strikes::forget(const std::string& drop) {
    if (!strikes_.empty() && strikes_.erase(key_of(drop)) > 0) write();
}

void Strikes::write() {
    if (!file_) return;
    json::object all;
    for (const auto& [key, strike] : strikes_) all[key] = json::object{{"strikes", strike.count}, {"file", strike.file}};
    if (!key_.empty()) {
        auto& mine = all.emplace(key_, json::object{{"strikes", 0}}).first->value().as_object();
        mine["reading"] = now_;
    }
    auto text = json::serialize(all) + "\n";
    const auto length = text.size();
    text.resize(std::max(length, length_), ' ');  // in one piece over what stands there
    if (::pwrite(file_.get(), text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()))
        length_ = text.size();
    else
        log::debug("cannot write down what is being read");
}

std::string struck_out_text(const std::string& file) {
    return "the service ended twice while it was reading \"" + file +
           "\" of this drop, most likely because of that file; the drop was set aside unread. Look whether the file is what it should be. If somebody stopped "
           "the "
           "service by force at those very moments the drop is innocent: drop it again";
}

}  // namespace motionspool::app
