#pragma once
#include <string>
#include "domain/media.hpp"
#include "domain/outcome.hpp"
#include "http/client.hpp"

// Creating and following tasks: domain values to requests, answers to domain outcomes. The shapes are those of the provider's documentation;
// where editions differ, every one seen is read.
namespace motionspool::kie {

/// What one task is made from.
struct TaskOrder {
    std::string model, prompt, image_url, motion_url;
    domain::Mode mode = domain::Mode::p720;
    domain::Orientation orientation = domain::Orientation::video;
    std::string callback;  ///< empty: none
};

/// The body of createTask: no key but the documented ones (others have been answered with "server exception").
[[nodiscard]] std::string task_body(const TaskOrder&);
/// POST /api/v1/jobs/createTask
[[nodiscard]] http::Request create_task(const std::string& key, std::string body);
/// @param sent what the request held, body and key: what is echoed of it is no task's id
[[nodiscard]] domain::Submission read_submission(const http::Exchange&, std::string_view sent = {});

/// GET /api/v1/jobs/recordInfo
[[nodiscard]] http::Request ask_task(const std::string& key, const std::string& task);
/// @param task the one asked about; an answer that names another says nothing
[[nodiscard]] domain::TaskNews read_news(const http::Exchange&, std::string_view task = {});

/// GET /api/v1/chat/credit
[[nodiscard]] http::Request ask_balance(const std::string& key);
struct Balance {
    std::optional<Credits> credits;
    std::string trouble;  ///< why there is none
};
[[nodiscard]] Balance read_balance(const http::Exchange&);

}  // namespace motionspool::kie
