#include "web/body.hpp"
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace motionspool::web {
namespace json = boost::json;

Body::Body(const std::string& text) {
    if (text.empty()) return;
    boost::system::error_code error;
    auto value = json::parse(text, error);
    if (error || !value.is_object())
        complain("the body is no JSON object");
    else
        members_ = std::move(value.get_object());
}

void Body::complain(const std::string& what) {
    if (!problem_) problem_ = what;
}

json::value Body::take(const char* key) {
    auto* const found = members_.if_contains(key);
    if (found == nullptr) return nullptr;
    auto value = std::move(*found);
    members_.erase(key);
    return value;
}

std::optional<std::string> Body::maybe_text(const char* key) {
    const auto value = take(key);
    if (value.is_null()) return std::nullopt;
    if (value.is_string()) return std::string{value.get_string()};
    complain(std::string{"\""} + key + "\" is no text");
    return std::nullopt;
}

std::string Body::text(const char* key) { return maybe_text(key).value_or(""); }

bool Body::flag(const char* key) {
    const auto value = take(key);
    if (value.is_bool()) return value.get_bool();
    if (!value.is_null()) complain(std::string{"\""} + key + "\" is neither true nor false");
    return false;
}

std::vector<std::string> Body::texts(const char* key) {
    std::vector<std::string> list;
    const auto value = take(key);
    const auto* const items = value.if_array();
    if (items == nullptr && !value.is_null()) complain(std::string{"\""} + key + "\" is no list");
    if (items == nullptr) return list;
    for (const auto& item : *items) {
        if (item.is_string())
            list.emplace_back(item.get_string());
        else
            complain(std::string{"\""} + key + "\" holds something that is no text");
    }
    return list;
}

std::optional<std::string> Body::problem() const {
    if (problem_ || members_.empty()) return problem_;
    return "there is no member \"" + std::string{members_.begin()->key()} + "\" in this command";
}

}  // namespace motionspool::web
