#pragma once
#include "simulator/world.hpp"

namespace motionspool::simulator {

/// A callback, ready to be sent.
struct CallbackPost {
    http::Origin origin;
    http::Request request;
};

/// The stand-in for the KIE API, its upload host and its result host, without sockets, clocks or waiting. Shares no code with the client it is for.
class Simulator {
public:
    explicit Simulator(Options, Journal = {});
    /// Where it is reached, e.g. "http://127.0.0.1:8080"; the beginning of every link it gives.
    void set_base(std::string base) { world_.base = std::move(base); }
    /// Answers one request, and has written its line of the journal before. @pre times do not go back
    /// @throws system_error if the journal or an upload cannot be written
    [[nodiscard]] Planned handle(const http::Request&, Moment);
    /// For a request whose head has come: a Reply refuses it before its body.
    [[nodiscard]] std::optional<http::Reply> admit(const http::Request& head, Moment);
    /// What a task's callback says now. Nothing if its URL is not on a loopback address: this program calls nobody else.
    [[nodiscard]] std::optional<CallbackPost> callback(const std::string& task, Moment);
    /// Says in the journal what came of sending one: "200", or why there was no answer.
    void note_callback(const std::string& task, int attempt, std::string_view answer, Moment);

private:
    void write_line(const Visit&, std::string_view kind, const http::Reply&);
    World world_;
};

}  // namespace motionspool::simulator
