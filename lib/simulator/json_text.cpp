#include "simulator/json_text.hpp"
#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

namespace motionspool::simulator {

std::string json_quoted(std::string_view text) { return boost::json::serialize(boost::json::string_view{text.data(), text.size()}); }

ObjectText& ObjectText::raw(std::string_view key, std::string_view json) {
    if (!members_.empty()) members_ += ',';
    members_ += json_quoted(key);
    members_ += ':';
    members_ += json;
    return *this;
}

ObjectText& ObjectText::all_of(const ObjectText& other) {
    if (!members_.empty() && !other.members_.empty()) members_ += ',';
    members_ += other.members_;
    return *this;
}

}  // namespace motionspool::simulator
