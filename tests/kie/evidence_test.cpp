#include "kie/evidence.hpp"
#include <doctest/doctest.h>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include "answers.hpp"
#include "kie/tasks.hpp"

namespace motionspool::kie {
namespace {
using namespace test;

const TaskOrder order{.model = "kling-2.6/motion-control",
                      .prompt = "Say \"hi\"",
                      .image_url = "https://x/fox.png",
                      .motion_url = "https://x/wave.mp4",
                      .mode = domain::Mode::p1080,
                      .orientation = domain::Orientation::image,
                      .callback = "https://render.example.com/callback/T"};

TEST_CASE("what was sent is read back field by field") {
    const auto param = read_param(task_body(order));
    REQUIRE(param);
    CHECK(*param == domain::TaskParam{.model = order.model,
                                      .prompt = order.prompt,
                                      .image = order.image_url,
                                      .motion = order.motion_url,
                                      .mode = "1080p",
                                      .orientation = "image",
                                      .callback = order.callback});
}

TEST_CASE("a field that is missing is not told; one of another shape is told as what nobody sends") {
    CHECK(read_param("{}") == domain::TaskParam{});
    CHECK(read_param(R"({"input":null,"model":null})") == domain::TaskParam{});
    for (const auto* urls : {"[]", R"(["a","b"])", R"("a")", "[7]", "{}"}) {
        const auto param = read_param(std::string{R"({"input":{"input_urls":)"} + urls + "}}");
        CHECK(param->image == "(not one URL)");
        CHECK_FALSE(param->motion);
    }
    CHECK(read_param(R"({"input":{"prompt":7}})")->prompt == "(not a text)");
    for (const auto* broken : {"", "[]", "null", "{", "\"{}\""}) CHECK_FALSE(read_param(broken));
}

TEST_CASE("recordInfo's param is read as text or object, with the time of the task") {
    const auto body = task_body(order);
    const auto as_text = boost::json::serialize(boost::json::string{body});
    for (const auto& param : {as_text, body}) {
        const auto found = read_record(record(R"("state":"generating","createTime":1767700000000,"param":)" + param), "t");
        CHECK(std::holds_alternative<domain::StillRunning>(found.news));
        CHECK(found.param == *read_param(body));
        CHECK(found.created == Instant{std::chrono::milliseconds{1'767'700'000'000}});
    }
    for (const auto* odd : {"\"\"", "null", "7", "\"{\"", "\"[]\""}) {
        const auto found = read_record(record(std::string{R"("state":"generating","param":)"} + odd), "t");
        CHECK(found.param == domain::TaskParam{});
        CHECK_FALSE(found.created);
    }
    CHECK(std::holds_alternative<domain::NoNews>(read_record(record(R"("state":"generating")"), "another").news));
    CHECK(std::holds_alternative<domain::UnknownTask>(read_record(ok(R"({"code":422,"msg":"recordInfo is null","data":null})"), "t").news));
}

TEST_CASE("a callback names its task in one of two places") {
    CHECK(read_callback(R"({"code":200,"msg":"ok","data":{"taskId":"t-1","state":"success"}})") == "t-1");
    CHECK(read_callback(R"({"code":501,"data":{"task_id":"t-2"}})") == "t-2");
    CHECK(read_callback(R"({"data":{"task_id":"t-3","taskId":"t-3"}})") == "t-3");
}

TEST_CASE("a body that names no task, or two, is no callback") {
    for (const auto* body : {"",
                             "{}",
                             "[]",
                             "null",
                             "\"t\"",
                             "{\"data\":null}",
                             R"({"data":"t"})",
                             R"({"taskId":"t"})",
                             R"({"data":{"taskId":""}})",
                             R"({"data":{"taskId":7}})",
                             R"({"data":{"taskId":null}})",
                             R"({"data":{"taskId":["t"]}})",
                             R"({"data":[{"taskId":"t"}]})",
                             R"({"data":{"taskId":"a b"}})",
                             R"({"data":{"taskId":"a\nb"}})",
                             R"({"data":{"taskId":"t","task_id":"u"}})",
                             R"({"data":{"taskId":"t"}} x)",
                             R"({"data":{"taskId":"t")",
                             "taskId=t",
                             "<data><taskId>t</taskId></data>"}) {
        INFO(body);
        CHECK_FALSE(read_callback(body));
    }
}

}  // namespace
}  // namespace motionspool::kie
