#include "http/deadline.hpp"

namespace motionspool::http {

Deadline::Deadline(Socket& socket) : shared_{new Shared{.timer = asio::steady_timer{socket.get_executor()}, .socket = &socket}} {}

Deadline::~Deadline() {
    clear();
    shared_->socket = nullptr;
}

void Deadline::set(SteadyTime at) {
    shared_->at = at;
    shared_->passed = false;
    if (shared_->waiting && at >= shared_->timer.expiry()) return;
    shared_->waiting = true;
    wait(shared_);
}

void Deadline::clear() {
    shared_->waiting = false;
    shared_->timer.cancel();
}

void Deadline::wait(const std::shared_ptr<Shared>& shared) {
    shared->timer.expires_at(shared->at);
    shared->timer.async_wait([shared](boost::system::error_code error) {
        if (!error) fired(shared);
    });
}

void Deadline::fired(const std::shared_ptr<Shared>& shared) {
    if (!shared->waiting || shared->socket == nullptr) return;
    if (std::chrono::steady_clock::now() < shared->at) return wait(shared);
    shared->waiting = false;
    shared->passed = true;
    boost::system::error_code ignored;
    shared->socket->cancel(ignored);
}

}  // namespace motionspool::http
