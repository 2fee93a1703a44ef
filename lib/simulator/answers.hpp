#pragma once
#include "simulator/world.hpp"

namespace motionspool::simulator {

[[nodiscard]] Planned json_answer(int status, std::string body);
/// A page as proxies and error handlers write them.
[[nodiscard]] Planned html_answer(int status, std::string_view title);
/// The connection is reset without a byte.
[[nodiscard]] Planned no_answer();
/// HTTP 200 with a body that is no JSON.
[[nodiscard]] Planned garbage_answer();
/// What the answer would have been, but half of it.
[[nodiscard]] Planned half_of(Planned whole);

/// {"code":…,"msg":…,"data":…} as the options have it. An error comes in HTTP 200 unless `real_http_codes`.
[[nodiscard]] Planned coded_answer(const World&, Visit&, int code, std::string_view text, std::string_view data = "null");
[[nodiscard]] Planned success_answer(const World&, Visit&, std::string_view data);
/// That envelope alone.
[[nodiscard]] std::string envelope(const Options&, int code, std::string_view text, std::string_view data);
/// The HTTP status that goes with a code.
[[nodiscard]] int status_of(const Options&, int code);

/// Notes the first of the faults that struck, if any.
std::optional<Fault> note_fault(Note&, const FaultSet&);

}  // namespace motionspool::simulator
