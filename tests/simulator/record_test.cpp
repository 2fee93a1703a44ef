#include "desk.hpp"

using namespace motionspool;
using namespace motionspool::simulator;

namespace {
json::object data(Desk& desk, const std::string& task) { return Desk::object(desk.poll(task)).at("data").as_object(); }
}  // namespace

TEST_CASE("a task waits, queues, is generated and succeeds as time passes") {
    Desk desk;
    const auto task = desk.task();
    std::string states;
    for (int i = 0; i < 6; ++i) {
        states += std::string{data(desk, task).at("state").as_string()} + " ";
        desk.later(milliseconds{i < 3 ? 90 : 400});
    }
    CHECK(states == "waiting waiting queuing generating generating success ");
}

TEST_CASE("the record echoes the order, and gives the result's URL as a JSON string") {
    Desk desk;
    const auto task = desk.task("A \"felt\" fox.");
    desk.later(milliseconds{1500});
    const auto record = data(desk, task);
    CHECK(record.at("taskId") == task.c_str());
    CHECK(record.at("param") == Desk::order("A \"felt\" fox.").c_str());
    CHECK(record.at("resultJson") == ("{\"resultUrls\":[\"http://127.0.0.1:8080/r/" + task + ".mp4\"]}").c_str());
    CHECK(record.at("failCode") == "");
    CHECK(record.at("createTime") == 1'767'700'000'000);
    CHECK(record.at("completeTime") == 1'767'700'001'000);
    CHECK(record.at("updateTime") == 1'767'700'001'000);
    CHECK(record.at("costTime") == 1000);
    CHECK(record.at("creditsConsumed") == 55);
}

TEST_CASE("resultJson can be an object, and empty fields null or absent") {
    auto options = Desk::quiet();
    options.result_json = ResultJson::object;
    options.empty_as = EmptyAs::null;
    Desk desk{options};
    const auto task = desk.task();
    CHECK(data(desk, task).at("resultJson").is_null());
    desk.later(milliseconds{1000});
    CHECK(data(desk, task).at("resultJson").at("resultUrls").as_array().size() == 1);
    CHECK(data(desk, task).at("failCode").is_null());

    options.empty_as = EmptyAs::absent;
    Desk sparse{options};
    const auto record = data(sparse, sparse.task());
    CHECK_FALSE(record.contains("resultJson"));
    CHECK_FALSE(record.contains("failMsg"));
}

TEST_CASE("the credits come under the newer name, the older ones, as a string, or not at all") {
    const auto ended = [](ConsumedAs form) {
        auto options = Desk::quiet();
        options.consumed = form;
        Desk desk{options};
        const auto task = desk.task();
        desk.later(milliseconds{1000});
        return data(desk, task);
    };
    CHECK(ended(ConsumedAs::newer).at("creditsConsumed") == 55);
    CHECK(ended(ConsumedAs::older).at("consumeCredits") == 55);
    CHECK(ended(ConsumedAs::older).at("remainedCredits") == 99'945);
    CHECK(ended(ConsumedAs::string).at("creditsConsumed") == "55");
    CHECK_FALSE(ended(ConsumedAs::absent).contains("creditsConsumed"));
}

TEST_CASE("an unknown task is 422, and so is a known one for a while if that is wanted") {
    auto options = Desk::quiet();
    options.null_for = milliseconds{300};
    Desk desk{options};
    CHECK(Desk::object(desk.poll("nobody")).at("msg") == "recordInfo is null");
    CHECK(Desk::object(desk.fetch("/api/v1/jobs/recordInfo")).at("code") == 422);
    const auto task = desk.task();
    CHECK(Desk::object(desk.poll(task)).at("code") == 422);
    desk.later(milliseconds{300});
    CHECK(Desk::object(desk.poll(task)).at("code") == 200);
}

TEST_CASE("the fault create-422-not-found lasts for two polls") {
    Desk desk;
    const auto task = desk.task("[sim:create-422-not-found]");
    std::string codes;
    for (int i = 0; i < 3; ++i) codes += json::serialize(Desk::object(desk.poll(task)).at("code")) + " ";
    CHECK(codes == "422 422 200 ");
}

TEST_CASE("each way of failing says its code and text") {
    const std::pair<const char*, const char*> rows[] = {{"fail-moderation", "content policy"},
                                                        {"fail-no-upper-body", "No complete upper body detected"},
                                                        {"fail-image-fetch", "Image fetch failed"},
                                                        {"fail-internal", "Internal error"},
                                                        {"fail-timeout", "try again later"},
                                                        {"fail-charged", "Internal error"},
                                                        {"fail-no-character", "No valid characters detected"},
                                                        {"fail-recognition", "Image recognition failed"},
                                                        {"fail-first-frame", "first frame is invalid"},
                                                        {"fail-flagged", "flagged"},
                                                        {"fail-safety", "safety system"},
                                                        {"fail-rejected", "input was rejected"},
                                                        {"fail-copyright", "copyright"},
                                                        {"fail-range", "must be between"},
                                                        {"fail-busy", "server is busy"},
                                                        {"fail-system-busy", "System busy"},
                                                        {"fail-unknown", "Gremlins"}};
    Desk desk;
    for (const auto& row : rows) {
        CAPTURE(row.first);
        const auto task = desk.task("[sim:" + std::string{row.first} + "]");
        desk.later(milliseconds{1000});
        const auto record = data(desk, task);
        CHECK(record.at("state") == "fail");
        CHECK(record.at("failMsg").as_string().find(row.second) != std::string::npos);
        CHECK_FALSE(record.at("failCode").as_string().empty());
        CHECK(record.at("resultJson") == "");
    }
}

TEST_CASE("tasks can be stuck, slow, or show a state nobody knows") {
    Desk desk;
    const auto stuck = desk.task("[sim:stuck]"), slow = desk.task("[sim:slow-task]"), odd = desk.task("[sim:odd-state]");
    desk.later(milliseconds{500});
    CHECK(data(desk, odd).at("state") == "postprocessing");
    desk.later(milliseconds{9499});
    CHECK(data(desk, slow).at("state") == "generating");
    CHECK(data(desk, odd).at("state") == "success");
    desk.later(milliseconds{1});
    CHECK(data(desk, slow).at("state") == "success");
    desk.later(std::chrono::hours{100});
    CHECK(data(desk, stuck).at("state") == "waiting");
}

TEST_CASE("success can come without a URL, in three forms, or with a foreign one") {
    Desk desk;
    const auto empty = desk.task("[sim:empty-result]"), null = desk.task("[sim:null-result]"), absent = desk.task("[sim:absent-result]"),
               foreign = desk.task("[sim:foreign-result]");
    desk.later(milliseconds{1000});
    CHECK(data(desk, empty).at("resultJson") == "{\"resultUrls\":[]}");
    CHECK(data(desk, null).at("resultJson").is_null());
    CHECK_FALSE(data(desk, absent).contains("resultJson"));
    CHECK(data(desk, absent).at("state") == "success");
    CHECK(data(desk, foreign).at("resultJson").as_string().find("http://169.254.169.254/") != std::string::npos);
}

TEST_CASE("a poll's faults spoil the answer and leave the task alone") {
    Desk desk;
    const auto polled = [&](std::string_view fault) { return desk.poll(desk.task("[sim:" + std::string{fault} + "]")); };
    CHECK(polled("poll-500").reply.status == 500);
    CHECK(polled("poll-404").reply.status == 404);
    CHECK(polled("poll-drop").reply.no_answer);
    CHECK(Desk::object(polled("poll-429")).at("code") == 429);
    CHECK(Desk::object(polled("poll-rate-limit")).at("msg") == "Rate limit exceeded");
    for (const auto* fault : {"poll-garbage", "poll-truncated"}) {
        boost::system::error_code error;
        (void)json::parse(Desk::text(polled(fault)), error);
        CHECK(error);
    }
    const auto task = desk.task("[sim:poll-500*1]");
    CHECK(desk.poll(task).reply.status == 500);
    CHECK(desk.poll(task).reply.status == 200);
}

TEST_CASE("polls can have a rate of their own") {
    auto options = Desk::quiet();
    options.polls = Rate{1, milliseconds{1000}};
    Desk desk{options};
    const auto task = desk.task();
    CHECK(Desk::object(desk.poll(task)).at("code") == 200);
    CHECK(Desk::object(desk.poll(task)).at("code") == 429);
    CHECK(desk.state().at("peak_polls") == 2);
}

TEST_CASE("the balance can be hard to read, too") {
    CHECK(Desk{Desk::with("credit-500=1")}.fetch("/api/v1/chat/credit").reply.status == 500);
    boost::system::error_code error;
    (void)json::parse(Desk::text(Desk{Desk::with("credit-garbage=1")}.fetch("/api/v1/chat/credit")), error);
    CHECK(error);
}
