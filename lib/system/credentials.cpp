#include "system/credentials.hpp"
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include "base/unique_fd.hpp"
#include "system/os_problem.hpp"

namespace motionspool::system {

namespace {

constexpr std::size_t longest_key = 4096;

/// Reads at most one byte more than a key may have. @return 0, or the errno value of what failed
int read_start(const std::filesystem::path& path, std::string& text) {
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
    if (!file) return errno;
    std::array<char, longest_key + 3> buffer{};
    std::size_t filled = 0;
    while (filled < buffer.size()) {
        const ssize_t got = ::read(file.get(), buffer.data() + filled, buffer.size() - filled);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno;
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    text.assign(buffer.data(), filled);
    ::explicit_bzero(buffer.data(), buffer.size());
    return 0;
}

void cut_one_line_end(std::string& text) {
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
}

bool is_unusable(char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; }

/// @param source "the file /etc/…", "$KIE_API_KEY"; wipes `text`
Result<Secret> to_key(std::string text, const std::string& source) {
    cut_one_line_end(text);
    std::string wrong;
    if (text.empty()) wrong = "is empty";
    if (text.size() > longest_key) wrong = "is longer than 4096 bytes";
    if (std::any_of(text.begin(), text.end(), is_unusable)) wrong = "holds a space, a line end or a control character";
    Secret key{text};
    wipe(text);
    if (!wrong.empty()) return Problem{"the key in " + source + " " + wrong + "; expected the key alone, on one line"};
    return key;
}

/// The variable's value; afterwards it is gone from the environment, and its bytes from the memory that /proc/PID/environ shows.
std::optional<Secret> take_from_environment(const char* name) {
    char* const value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    Secret taken{value};
    ::explicit_bzero(value, ::strlen(value));
    ::unsetenv(name);
    return taken;
}

Result<std::optional<Secret>> from_file(const std::filesystem::path& path, bool must_exist) {
    std::string text;
    const int error = read_start(path, text);
    if (error == ENOENT && !must_exist) return std::optional<Secret>{};
    if (error != 0) return os_problem("cannot read the key in " + path.string(), error);
    auto key = to_key(std::move(text), path.string());
    if (!key) return key.problem();
    return std::optional<Secret>{std::move(*key)};
}

Result<std::optional<Secret>> from_files(const std::filesystem::path& configured, const char* credential) {
    if (!configured.empty()) return from_file(configured, true);
    const char* const directory = std::getenv("CREDENTIALS_DIRECTORY");
    if (directory == nullptr) return std::optional<Secret>{};
    return from_file(std::filesystem::path{directory} / credential, false);
}

}  // namespace

Result<Secret> read_api_key(const std::filesystem::path& file) {
    const auto variable = take_from_environment("KIE_API_KEY");
    auto found = from_files(file, "kie-api-key");
    if (!found) return found.problem();
    if (found->has_value()) return std::move(**found);
    if (variable) return to_key(variable->reveal(), "$KIE_API_KEY");
    return Problem{"there is no API key; set provider.api_key_file, give systemd the credential kie-api-key (/etc/credstore/kie-api-key), or set $KIE_API_KEY"};
}

Result<std::optional<Secret>> read_webhook_key(const std::filesystem::path& file) { return from_files(file, "kie-webhook-key"); }

}  // namespace motionspool::system
