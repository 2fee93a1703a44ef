#pragma once
#include <functional>
#include <memory>
#include <string>
#include "app/actions.hpp"
#include "app/money.hpp"
#include "app/quarantine.hpp"
#include "app/reconciler.hpp"
#include "http/server.hpp"

// The control socket: HTTP on a unix socket, for those whom its file mode lets in (0660, the service's group). POST a JSON object to /api/v1/COMMAND;
// the answer is that of `money`: {"balance", "balance_read", "available", "day", "spent_today", "reserved_today"}; of the acting commands: {"text", "jobs",
// "credits", "left_alone", "notes"}, or {"error": {"code", "message"}} with 400, 404, 405, 409, 421 or 500.
namespace motionspool::web {
namespace asio = boost::asio;

/// What the commands act through.
struct Controls {
    app::Actions& actions;
    app::Quarantine& quarantine;
    app::Reconciler& reconciler;
    store::Store& store;  ///< nothing is answered before what was done is durable
    std::function<app::Money()> money;
    std::string state_directory{};  ///< whose daemon this is; empty: whoever asks is answered
};

/// A command names its own state directory in this header; a daemon of another one refuses with 421.
inline constexpr const char* state_header = "Motionspool-State";

/// Listens at once; a stale socket is replaced. @param controls outlives the server
[[nodiscard]] Result<std::unique_ptr<http::Server>> listen_for_control(asio::any_io_executor, const std::string& socket, Controls& controls);

}  // namespace motionspool::web
