#include "support/waits.hpp"
#include "app/standing.hpp"
#include "support/manual_clock.hpp"

namespace motionspool::test {

std::optional<domain::Blocked> waiting(World& world, const std::string& job) {
    app::Standing standing{world.store(), world.settings.config, world.clock().now(), world.clock().boot(), world.clock().boot_id()};
    return standing.waiting(world.job(job));
}

std::string waits_for(World& world, const std::string& job) {
    const auto blocked = waiting(world, job);
    return blocked ? std::string{to_string(blocked->why)} : "";
}

std::size_t waiting_for(World& world, const std::string& why) {
    std::size_t count = 0;
    for (const auto& job : world.jobs()) {
        if (job.state == domain::JobState::queued && waits_for(world, job.batch + "/" + job.job) == why) count++;
    }
    return count;
}

}  // namespace motionspool::test
