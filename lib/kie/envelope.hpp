#pragma once
#include <boost/json/value.hpp>
#include "domain/outcome.hpp"
#include "http/client.hpp"

namespace motionspool::kie {

/// An answer with its envelope read: {"code": 200, "msg": "success", "data": …}. `code` may be a string, the text may be under `message`.
struct Answer {
    domain::Envelope envelope;
    boost::json::value data;  ///< null if there is none, or no usable JSON
};
[[nodiscard]] Answer read_answer(const http::Exchange&);

/// A number or a numeric string as credits; never through a double where the text is at hand.
[[nodiscard]] std::optional<Credits> read_credits(const boost::json::value&);
/// The text at `key` of an object, or nothing.
[[nodiscard]] std::string text_at(const boost::json::value&, std::string_view key);

}  // namespace motionspool::kie
