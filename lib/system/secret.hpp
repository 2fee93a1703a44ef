#pragma once
#include <string>

namespace motionspool::system {

/// A text that must not be shown. Its memory is overwritten when it ends or moves on; nothing prints it by accident.
class Secret {
public:
    explicit Secret(std::string text) noexcept;
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();
    /// For the one place that sends or computes with it.
    [[nodiscard]] const std::string& reveal() const noexcept { return text_; }

private:
    std::string text_;
};

/// Overwrites the bytes (spare capacity included), then empties the text.
void wipe(std::string& text) noexcept;

}  // namespace motionspool::system
