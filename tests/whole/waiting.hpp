#pragma once
#include <chrono>
#include <functional>
#include <string>

namespace motionspool::whole {
using namespace std::chrono_literals;

#ifdef MOTIONSPOOL_SANITIZED
inline constexpr int slowness = 6;
#else
inline constexpr int slowness = 1;
#endif

/// How long something may take that should take a moment, on a machine that does other things, too.
inline constexpr std::chrono::milliseconds patience = 30s * slowness;

/// Asks every few milliseconds. @throws runtime_error "… within …" if `enough` is still false at the end of `limit`
void wait_until(const std::string& what, const std::function<bool()>& enough, std::chrono::milliseconds limit = patience);

}  // namespace motionspool::whole
