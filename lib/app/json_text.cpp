#include "app/json_text.hpp"
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace motionspool::app {
namespace json = boost::json;
namespace {

void write(const json::value& value, const std::string& indent, std::string& text) {
    const auto inner = indent + "  ";
    const char* between = "\n";
    if (const auto* object = value.if_object(); object != nullptr && !object->empty()) {
        text += "{";
        for (const auto& member : *object) {
            text += between + inner + json::serialize(json::string{member.key()}) + ": ";
            write(member.value(), inner, text);
            between = ",\n";
        }
        text += "\n" + indent + "}";
    } else if (const auto* array = value.if_array(); array != nullptr && !array->empty()) {
        text += "[";
        for (const auto& item : *array) {
            text += between + inner;
            write(item, inner, text);
            between = ",\n";
        }
        text += "\n" + indent + "]";
    } else {
        text += value.is_double()
                    ? to_string(Credits::from_milli(static_cast<std::int64_t>(value.get_double() * 1000.0 + (value.get_double() < 0 ? -0.5 : 0.5))))
                    : json::serialize(value);
    }
}

}  // namespace

json::value as_json(Credits credits) {
    if (credits.milli() % 1000 == 0) return credits.milli() / 1000;
    return static_cast<double>(credits.milli()) / 1000.0;
}

json::value as_json(const std::map<std::string, std::string>& texts) {
    json::object object;
    for (const auto& [key, value] : texts) object[key] = value;
    return object;
}

std::string pretty(const json::value& value) {
    std::string text;
    write(value, {}, text);
    return text + "\n";
}

}  // namespace motionspool::app
