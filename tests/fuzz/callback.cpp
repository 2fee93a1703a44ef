#include "web/callback.hpp"
#include "domain/evidence.hpp"
#include "harness.hpp"
#include "http/request_reader.hpp"

// What arrives at the webhook's listener: bytes, read as a request, whole and in pieces, and judged.
namespace motionspool::fuzz {
namespace {

using Stage = http::RequestReader::Stage;

/// Feeds all of it, `step` bytes at a time, as a connection does.
void read(http::RequestReader& reader, std::string_view bytes, std::size_t step) {
    std::string waiting;
    while (!bytes.empty() && reader.stage() != Stage::done && reader.stage() != Stage::refused) {
        waiting += bytes.substr(0, step);
        bytes.remove_prefix(std::min(step, bytes.size()));
        for (std::size_t used = 1; used > 0 && !waiting.empty(); waiting.erase(0, used)) {
            used = reader.feed(waiting);
            must(used <= waiting.size(), "no more bytes are used than there are");
        }
    }
}

void judge(const http::Request& request) {
    for (const bool signed_ones : {false, true}) {
        const auto key = signed_ones ? std::optional<system::Secret>{"sim-webhook-key-0001"} : std::nullopt;
        const auto outcome = web::read_callback(request, "/motionspool", key);
        const auto* callback = std::get_if<web::Callback>(&outcome);
        if (callback == nullptr) continue;
        must(callback->secret.size() == 64, "a secret has 64 digits");
        must(domain::is_task_id(callback->task), "a task has a usable id");
        must(callback->signed_at.has_value() == signed_ones, "with a key there is a signature");
    }
}

}  // namespace

void fuzz(std::string_view input) {
    http::RequestReader whole{16u << 10, 128u << 10}, in_pieces{16u << 10, 128u << 10};
    read(whole, input, input.size());
    read(in_pieces, input, 7);
    must(whole.stage() == in_pieces.stage(), "a request is read the same however its bytes arrive");
    if (whole.stage() == Stage::done) {
        must(whole.request().target == in_pieces.request().target && whole.request().method == in_pieces.request().method, "and says the same");
        judge(whole.request());
    }
    judge({"POST", "/motionspool/callback/" + std::string(64, '7'), {}, std::string{input}});
}

}  // namespace motionspool::fuzz
