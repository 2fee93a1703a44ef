#include "system/witness.hpp"
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <sstream>
#include "system/atomic_file.hpp"
#include "system/os_problem.hpp"
#include "system/sha256.hpp"

namespace motionspool::system {
namespace {
constexpr std::size_t block_size = 512, first_task = 2, blocks = first_task + witness_places, longest_task = 300;

std::string block_of(const std::string& words) {
    auto line = sha256_hex(words).substr(0, 16) + " " + words;
    line.resize(block_size - 1, ' ');
    return line + "\n";
}

std::string highest_block(const WitnessFacts& facts) { return block_of("highest " + facts.state + " " + std::to_string(facts.highest)); }
std::string task_block(const std::string& state, const WitnessTask& task) {
    return block_of("task " + state + " " + std::to_string(task.attempt) + " " + task.task);
}

struct Block {
    std::string kind, state, task;
    std::int64_t attempt = 0;
};

/// Nothing if it is torn, or was never one.
std::optional<Block> parse(std::string_view text) {
    const auto end = text.find_last_not_of(" \n");
    if (text.size() != block_size || end == std::string_view::npos || end < 17) return std::nullopt;
    const std::string words{text.substr(17, end - 16)};
    if (sha256_hex(words).substr(0, 16) != text.substr(0, 16)) return std::nullopt;
    std::istringstream in{words};
    Block block;
    in >> block.kind >> block.state >> block.attempt >> block.task;
    return block;
}

struct Content {
    WitnessFacts facts;
    std::size_t turn = 0, next_task = first_task;
};

Content understand(const std::string& bytes) {
    const auto block = [&](std::size_t n) { return parse(std::string_view{bytes}.substr(std::min(n * block_size, bytes.size()), block_size)); };
    Content content;
    bool any = false;
    for (const std::size_t n : {0U, 1U}) {
        const auto found = block(n);
        if (!found || found->kind != "highest" || (any && found->attempt < content.facts.highest)) continue;
        any = true;
        content.facts.state = found->state;
        content.facts.highest = found->attempt;
        content.turn = 1 - n;
    }
    content.facts.damaged = !any;
    for (auto n = first_task; n < bytes.size() / block_size; n++) {
        const auto found = block(n);
        if (!found || found->kind != "task" || found->state != content.facts.state) continue;
        content.facts.tasks.push_back({found->attempt, found->task});
        content.next_task = n + 1;
    }
    return content;
}

Result<std::string> read_all(int file, const std::filesystem::path& path) {
    std::string bytes(blocks * block_size, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto n = ::pread(file, bytes.data() + size, bytes.size() - size, static_cast<off_t>(size));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return os_problem("cannot read the money side-file " + path.string(), errno);
        if (n == 0) break;
        size += static_cast<std::size_t>(n);
    }
    bytes.resize(size);
    return bytes;
}

Done put(const Witness& witness, std::size_t block, const std::string& bytes) {
    struct stat facts {};
    if (::fstat(witness.file.get(), &facts) != 0 || facts.st_nlink == 0) return Problem{"the money side-file " + witness.path.string() + " was removed"};
    const auto written = ::pwrite(witness.file.get(), bytes.data(), bytes.size(), static_cast<off_t>(block * block_size));
    const int error = written < 0 ? errno : ENOSPC;
    if (written != static_cast<ssize_t>(bytes.size())) return os_problem("cannot write the money side-file " + witness.path.string(), error);
    if (::fdatasync(witness.file.get()) != 0) return os_problem("cannot write the money side-file " + witness.path.string() + " to disk", errno);
    return done();
}

std::string free_blocks(std::size_t count) {
    const auto one = block_of("free");
    std::string bytes;
    for (std::size_t n = 0; n < count; n++) bytes += one;
    return bytes;
}

std::string whole_file(const WitnessFacts& facts) {
    auto bytes = highest_block(facts) + highest_block(facts);
    for (const auto& task : facts.tasks) bytes += task_block(facts.state, task);
    return bytes + free_blocks(blocks - std::min(blocks, bytes.size() / block_size));
}

/// @param enlarge one with fewer places than there may be is replaced; where that does not work it goes on with those it has
Result<Witness> open_existing(const std::filesystem::path& path, bool enlarge) {
    Witness witness{path, UniqueFd{::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW)}, {}};
    if (!witness.file) return os_problem("cannot open the money side-file " + path.string(), errno);
    const auto bytes = read_all(witness.file.get(), path);
    if (!bytes) return bytes.problem();
    auto content = understand(*bytes);
    if (content.facts.damaged) return Problem{"the money side-file " + path.string() + " is damaged"};
    const bool small = bytes->size() < blocks * block_size;
    if (small && enlarge && write_file_atomically(path, whole_file(content.facts))) return open_existing(path, false);
    witness.facts = std::move(content.facts);
    witness.turn = content.turn;
    witness.next_task = content.next_task;
    witness.end = std::max(first_task, bytes->size() / block_size);
    return witness;
}

}  // namespace

Result<std::optional<WitnessFacts>> read_witness(const std::filesystem::path& path) {
    const UniqueFd file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file && errno == ENOENT) return std::optional<WitnessFacts>{};
    if (!file) return os_problem("cannot open the money side-file " + path.string(), errno);
    const auto bytes = read_all(file.get(), path);
    if (!bytes) return bytes.problem();
    return std::optional{understand(*bytes).facts};
}

Result<Witness> open_witness(const std::filesystem::path& path, const std::string& state) {
    if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) return replace_witness(path, {state, 0, {}});
    return open_existing(path, true);
}

Result<Witness> replace_witness(const std::filesystem::path& path, const WitnessFacts& facts) {
    if (const auto written = write_file_atomically(path, whole_file(facts)); !written) return written.problem();
    return open_existing(path, false);
}

Done write_highest(Witness& witness, std::int64_t attempt) {
    auto facts = witness.facts;
    facts.highest = attempt;
    if (auto written = put(witness, witness.turn, highest_block(facts)); !written) return written;
    witness.facts.highest = attempt;
    witness.turn = 1 - witness.turn;
    return done();
}

Done write_task(Witness& witness, const WitnessTask& task) {
    const bool known = std::ranges::find(witness.facts.tasks, task) != witness.facts.tasks.end();
    if (known) return done();
    if (task.task.empty() || task.task.size() > longest_task || task.task.find_first_of(" \t\r\n") != std::string::npos)
        return Problem{"the task id of attempt " + std::to_string(task.attempt) + " does not fit the money side-file"};
    if (witness.next_task >= witness.end) return Problem{"the money side-file " + witness.path.string() + " has no room for another task"};
    if (auto written = put(witness, witness.next_task, task_block(witness.facts.state, task)); !written) return written;
    witness.next_task++;
    witness.facts.tasks.push_back(task);
    return done();
}

Done forget_tasks(Witness& witness) {
    if (witness.next_task == first_task) return done();
    if (auto written = put(witness, first_task, free_blocks(witness.next_task - first_task)); !written) return written;
    witness.next_task = first_task;
    witness.facts.tasks.clear();
    return done();
}

}  // namespace motionspool::system
