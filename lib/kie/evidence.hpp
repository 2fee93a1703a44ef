#pragma once
#include "domain/evidence.hpp"
#include "domain/outcome.hpp"
#include "http/client.hpp"

// Reading what proves where a task comes from. The sources' shapes differ; every one seen is read.
namespace motionspool::kie {

/// createTask's body, or recordInfo's `param`; nothing if it is no JSON object. An array that does not hold exactly one URL is told as something no attempt
/// sends.
[[nodiscard]] std::optional<domain::TaskParam> read_param(std::string_view json);

/// recordInfo, read for the task's state and for where it comes from.
struct TaskRecord {
    domain::TaskNews news;
    domain::TaskParam param;         ///< as echoed; the callback's URL included
    std::optional<Instant> created;  ///< `createTime`
};
/// @param task the one asked about; an answer that names another says nothing
[[nodiscard]] TaskRecord read_record(const http::Exchange&, std::string_view task);

/// The task a callback's body names: `data.taskId`, in samples `data.task_id`. Nothing if the body is no such thing, or names two.
[[nodiscard]] std::optional<std::string> read_callback(std::string_view body);

}  // namespace motionspool::kie
