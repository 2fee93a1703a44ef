#include "domain/task_traces.hpp"
#include <doctest/doctest.h>
#include <string>
#include <vector>

namespace motionspool::domain {
namespace {

const std::string hex = "281e5b0c9d3f4a6e8b7c1d2e3f4a5b6c", named = "task_kling-2.6_1767693973938";

TEST_CASE("what looks like a task's id is found wherever it stands in a text") {
    for (const auto& text : std::vector<std::string>{hex,
                                                     "281E5B0C9D3F4A6E8B7C1D2E3F4A5B6C",
                                                     "failed: " + hex + ".",
                                                     "(" + hex + ")",
                                                     "id_" + hex,
                                                     "/tasks/" + hex + "?x",
                                                     "<a href=\"/" + hex + "\">",
                                                     "<!-- " + hex + " -->",
                                                     named,
                                                     "Task_1",
                                                     "about task-77 now",
                                                     "\"" + named + "\"",
                                                     "taskId=t",
                                                     "taskId: 4711",
                                                     "TASK_ID = x",
                                                     "task id: abc",
                                                     "{\"taskId\":\"t\"}",
                                                     "{\"task_id\" : \"t\"}",
                                                     R"({\"taskId\":\"t\"})",
                                                     R"("{\\\"taskId\\\":\\\"t\\\"}")",
                                                     "{\"taskId\":null,\"task_id\":\"t\"}",
                                                     "subtaskId:5"}) {
        CAPTURE(text);
        CHECK_FALSE(task_id_in(text, {}).empty());
    }
}

TEST_CASE("what does not look like one is none") {
    for (const auto& text : std::vector<std::string>{"",
                                                     "no task was made",
                                                     "createTask",
                                                     "task",
                                                     "task_",
                                                     "task_queue",
                                                     "taskId",
                                                     "taskId is required",
                                                     "{\"taskId\":\"\"}",
                                                     "{\"taskId\":null}",
                                                     "{\"taskId\": null, \"x\": 1}",
                                                     R"({\"taskId\":\"\"})",
                                                     "taskId:",
                                                     "taskId=undefined",
                                                     hex.substr(1),
                                                     hex + "0",
                                                     hex + hex,
                                                     "g" + hex.substr(1),
                                                     "8f3a502b1c2d3e4f",
                                                     "multitask_1",
                                                     "POST /api/v1/jobs/createTask",
                                                     "6f9619ff-8b86-d011-b42d-00cf4fc964ff"}) {
        CAPTURE(text);
        CHECK(task_id_in(text, {}).empty());
    }
}

TEST_CASE("what the request held is no new task's id, but for short words that may stand there by chance") {
    const std::string sent = "https://u/kieai/" + hex + "/c.png " + named + " task_1 taskId: short";
    CHECK(task_id_in("cannot read https://u/kieai/" + hex + "/c.png", sent).empty());
    CHECK(task_id_in("cannot read https:\\/\\/u\\/kieai\\/" + hex + "\\/c.png", sent).empty());
    CHECK(task_id_in("prompt: " + named, sent).empty());
    CHECK_FALSE(task_id_in("task_1", sent).empty());
    CHECK_FALSE(task_id_in("taskId: short", sent).empty());
    CHECK_FALSE(task_id_in("cannot read https://u/kieai/" + hex + "/c.png for 381e5b0c9d3f4a6e8b7c1d2e3f4a5b6c", sent).empty());
    CHECK_FALSE(task_id_in("taskId: " + hex, sent).empty());
}

}  // namespace
}  // namespace motionspool::domain
