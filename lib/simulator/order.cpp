#include "simulator/order.hpp"
#include <algorithm>
#include <boost/json/parse.hpp>
#include <initializer_list>
#include <optional>
#include "base/text.hpp"

namespace motionspool::simulator {
namespace {
namespace json = boost::json;

using Names = std::initializer_list<std::string_view>;

Refusal bad(std::string text) { return {500, std::move(text)}; }
std::string_view view(const json::string& text) { return {text.data(), text.size()}; }

bool has_unknown_key(const json::object& object, Names known) {
    return std::any_of(object.begin(), object.end(), [&](const json::key_value_pair& entry) {
        const std::string_view key{entry.key().data(), entry.key().size()};
        return std::find(known.begin(), known.end(), key) == known.end();
    });
}

/// Unicode code points of UTF-8.
std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

bool is_url_of(std::string_view url, Names wrong_extensions) {
    if (!url.starts_with("https://") && !url.starts_with("http://")) return false;
    const auto path = url.substr(0, url.find_first_of("?#"));
    const auto extension = lower_ascii(path.substr(std::min(path.rfind('.') + 1, path.size())));
    return std::find(wrong_extensions.begin(), wrong_extensions.end(), extension) == wrong_extensions.end();
}

/// Reads the members of one JSON object; remembers the first that is wrong.
class Reader {
public:
    explicit Reader(const json::object& object) : object_{object} {}
    std::string text(std::string_view key, bool required) {
        const auto* value = object_.if_contains(json::string_view{key.data(), key.size()});
        if (value == nullptr || value->is_null() || (value->is_string() && value->get_string().empty())) return missing(required);
        if (!value->is_string()) return wrong("server exception");
        return std::string{view(value->get_string())};
    }
    std::string choice(std::string_view key, Names allowed) {
        auto value = text(key, true);
        if (!problem_ && std::find(allowed.begin(), allowed.end(), value) == allowed.end())
            return wrong(std::string{key} + " is not within the range of allowed options");
        return value;
    }
    std::string one_url(std::string_view key, Names wrong_extensions) {
        const auto* value = object_.if_contains(json::string_view{key.data(), key.size()});
        if (value == nullptr || value->is_null()) return missing(true);
        if (!value->is_array()) return wrong("server exception");
        const auto& urls = value->get_array();
        if (urls.empty()) return missing(true);
        if (urls.size() > 1 || !urls[0].is_string()) return wrong(std::string{key} + " is not within the range of allowed options");
        const auto url = view(urls[0].get_string());
        return is_url_of(url, wrong_extensions) ? std::string{url} : wrong("File type not supported");
    }
    [[nodiscard]] const std::optional<Refusal>& problem() const { return problem_; }

private:
    std::string missing(bool required) { return required ? wrong("This field is required") : std::string{}; }
    std::string wrong(std::string text) {
        if (!problem_) problem_ = bad(std::move(text));
        return {};
    }
    const json::object& object_;
    std::optional<Refusal> problem_;
};

std::variant<Order, Refusal> read_input(const json::object& input, std::string callback) {
    if (has_unknown_key(input, {"prompt", "input_urls", "video_urls", "character_orientation", "mode"})) return bad("server exception");
    Reader reader{input};
    Order order;
    order.callback = std::move(callback);
    order.prompt = reader.text("prompt", false);
    order.image = reader.one_url("input_urls", {"gif", "webp", "bmp", "svg", "mp4", "mov", "mkv", "webm"});
    order.motion = reader.one_url("video_urls", {"webm", "avi", "gif", "jpg", "jpeg", "png", "webp"});
    order.orientation = reader.choice("character_orientation", {"image", "video"});
    order.mode = reader.choice("mode", {"720p", "1080p"});
    if (reader.problem()) return *reader.problem();
    if (characters(order.prompt) > 2500) return bad("text length cannot exceed 2500");
    return order;
}

}  // namespace

std::variant<Order, Refusal> read_order(std::string_view body, std::string_view model) {
    boost::system::error_code error;
    const auto parsed = json::parse(json::string_view{body.data(), body.size()}, error);
    if (error || !parsed.is_object()) return bad("server exception");
    const auto& object = parsed.get_object();
    if (has_unknown_key(object, {"model", "callBackUrl", "input"})) return bad("server exception");
    Reader reader{object};
    const auto wanted = reader.text("model", true);
    auto callback = reader.text("callBackUrl", false);
    if (reader.problem()) return *reader.problem();
    if (wanted != model) return Refusal{422, "The page does not exist or is not published"};
    const auto* input = object.if_contains("input");
    if (input == nullptr || input->is_null()) return bad("This field is required");
    if (!input->is_object()) return bad("server exception");
    return read_input(input->get_object(), std::move(callback));
}

}  // namespace motionspool::simulator
