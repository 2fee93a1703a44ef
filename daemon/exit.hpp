#pragma once
#include <sysexits.h>
#include <stdexcept>
#include <string>

namespace motionspool {

/// Ends the program: main() prints the sentence and returns the code (0, 1, or of sysexits.h).
class Exit : public std::runtime_error {
public:
    Exit(int code, const std::string& sentence) : std::runtime_error{sentence}, code_{code} {}
    [[nodiscard]] int code() const { return code_; }

private:
    int code_;
};

}  // namespace motionspool
