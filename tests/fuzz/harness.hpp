#pragma once
#include <cstdlib>
#include <iostream>
#include <string_view>

// A fuzz target is a file that defines fuzz(); harness.cpp hands it libFuzzer's inputs and holds it to its bounds. scripts/fuzz runs them.
namespace motionspool::fuzz {

/// Looks at one input. What it must never do it says by must().
void fuzz(std::string_view input);

/// Ends the run, and libFuzzer keeps the input, if a promise is not kept.
inline void must(bool kept, std::string_view promise) {
    if (kept) return;
    std::cerr << "broken promise: " << promise << std::endl;
    std::abort();
}

}  // namespace motionspool::fuzz
