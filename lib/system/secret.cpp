#include "system/secret.hpp"
#include <string.h>
#include <utility>

namespace motionspool::system {

void wipe(std::string& text) noexcept {
    text.resize(text.capacity());
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

Secret::Secret(std::string text) noexcept : text_{text} { wipe(text); }

// A moved std::string may leave its bytes behind (short ones lie in the object), so this copies and wipes.
Secret::Secret(Secret&& other) noexcept { *this = std::move(other); }

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this == &other) return *this;
    wipe(text_);
    text_ = other.text_;
    wipe(other.text_);
    return *this;
}

Secret::~Secret() { wipe(text_); }

}  // namespace motionspool::system
