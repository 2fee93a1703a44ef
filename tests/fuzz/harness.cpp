#include "harness.hpp"
#include <sanitizer/allocator_interface.h>
#include <cstdint>
#include <ctime>

// The bounds of one input: 64 MiB alive at once, one second of processor time. A true hang is libFuzzer's to end (-timeout).
namespace motionspool::fuzz {
namespace {

constexpr std::size_t most_memory = std::size_t{64} << 20;
constexpr double most_seconds = 1.0;

std::size_t alive = 0, highest = 0;
bool counting = false;

void allocated(const volatile void*, std::size_t size) {
    if (!counting) return;
    alive += size;
    if (alive > highest) highest = alive;
}

void freed(const volatile void* block) {
    if (!counting || block == nullptr) return;
    const auto size = __sanitizer_get_allocated_size(const_cast<const void*>(block));
    alive -= size < alive ? size : alive;
}

double processor_seconds() {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void within_bounds(std::string_view input) {
    alive = highest = 0;
    const auto began = processor_seconds();
    counting = true;
    fuzz(input);
    counting = false;
    must(processor_seconds() - began <= most_seconds, "an input takes at most a second");
    must(highest <= most_memory, "an input takes at most 64 MiB");
}

}  // namespace
}  // namespace motionspool::fuzz

extern "C" int LLVMFuzzerInitialize(int*, char***) {
    __sanitizer_install_malloc_and_free_hooks(motionspool::fuzz::allocated, motionspool::fuzz::freed);
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    motionspool::fuzz::within_bounds({reinterpret_cast<const char*>(data), size});
    return 0;
}
