#pragma once
#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <vector>
#include "base/result.hpp"

namespace motionspool::web {

/// A request's JSON object, read member by member; what is wrong with it is kept until the end.
class Body {
public:
    /// @param text empty: no members
    explicit Body(const std::string& text);
    [[nodiscard]] std::string text(const char* key);  ///< "" if it is missing
    [[nodiscard]] std::optional<std::string> maybe_text(const char* key);
    [[nodiscard]] bool flag(const char* key);
    [[nodiscard]] std::vector<std::string> texts(const char* key);
    /// What is wrong: no JSON object, a member of a wrong type, or one that nobody asked for.
    [[nodiscard]] std::optional<std::string> problem() const;

private:
    boost::json::value take(const char* key);
    void complain(const std::string& what);
    boost::json::object members_;
    std::optional<std::string> problem_;
};

}  // namespace motionspool::web
