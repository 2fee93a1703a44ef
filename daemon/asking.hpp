#pragma once
#include <boost/json/object.hpp>
#include <string>
#include "config/config.hpp"

namespace motionspool {

/// Asks the running daemon over its control socket, and waits for its answer (which comes once what was done is on disk).
/// @param command "hold"; @return the answer's object
/// @throws Exit with the daemon's words: 64 usage, 66 no such batch or job, 1 it refuses; 69 nobody answers, 78 another daemon does, 77 the socket may not be
/// used
[[nodiscard]] boost::json::object ask_daemon(const config::Config&, const std::string& command, const boost::json::object& question);

/// Prints what is about to be done, and waits for a y. @throws Exit 1 it is none; 64, with the sentence alone, where there is no terminal to ask on
void require_yes(const std::string& sentence, const std::string& text);

}  // namespace motionspool
