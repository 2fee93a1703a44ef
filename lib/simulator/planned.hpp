#pragma once
#include <string>
#include <vector>
#include "http/server.hpp"
#include "simulator/moment.hpp"

namespace motionspool::simulator {

/// A callback to send at a time; what it says is asked for then.
struct CallbackPlan {
    std::string task;
    milliseconds due{0};         ///< steady
    bool before_answer = false;  ///< and the answer waits until it has been sent
};

/// What to answer, how long after the request, and what follows from it.
struct Planned {
    http::Reply reply;
    milliseconds delay{0};
    std::vector<CallbackPlan> callbacks;
    bool held = false;      ///< the answer waits until another one releases
    bool releases = false;  ///< the answers that are held are sent
};

}  // namespace motionspool::simulator
