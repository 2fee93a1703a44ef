#include "simulator/order.hpp"
#include "desk.hpp"

using namespace motionspool::simulator;

namespace {
constexpr std::string_view model = "kling-2.6/motion-control";
constexpr std::string_view good_input =
    R"("prompt":"p","input_urls":["https://a/c.png"],"video_urls":["https://a/m.mp4"],"character_orientation":"video","mode":"720p")";

std::string with_input(std::string_view input) { return R"({"model":"kling-2.6/motion-control","input":{)" + std::string{input} + "}}"; }
/// Replaces one piece of the good input.
std::string but(std::string_view piece, std::string_view by) {
    std::string input{good_input};
    const auto at = input.find(piece);
    REQUIRE(at != std::string::npos);
    return with_input(input.replace(at, piece.size(), by));
}
Refusal refusal(std::string_view body) {
    const auto read = read_order(body, model);
    const auto* found = std::get_if<Refusal>(&read);
    return found != nullptr ? *found : Refusal{200, ""};
}
}  // namespace

TEST_CASE("a good order is read in full") {
    const auto read = read_order(Desk::order("A fox.", "https://a/m.mp4", "https://render.example.com/callback/TOKEN"), model);
    const auto* order = std::get_if<Order>(&read);
    REQUIRE(order != nullptr);
    CHECK(order->prompt == "A fox.");
    CHECK(order->motion == "https://a/m.mp4");
    CHECK(order->image == "https://elsewhere.example/char.png");
    CHECK(order->mode == "720p");
    CHECK(order->orientation == "video");
    CHECK(order->callback == "https://render.example.com/callback/TOKEN");
}

TEST_CASE("the prompt is optional, and 2500 characters are not too many whatever their bytes") {
    CHECK(refusal(but(R"("prompt":"p",)", "")).code == 200);
    std::string umlauts;
    for (int i = 0; i < 2500; ++i) umlauts += "ä";
    CHECK(refusal(but("\"p\"", "\"" + umlauts + "\"")).code == 200);
    CHECK(refusal(but("\"p\"", "\"" + umlauts + "x\"")) == Refusal{500, "text length cannot exceed 2500"});
}

TEST_CASE("each field that is missing, wrong or unknown is refused in the API's words") {
    const Refusal exception{500, "server exception"}, required{500, "This field is required"};
    CHECK(refusal("no json") == exception);
    CHECK(refusal("[]") == exception);
    CHECK(refusal(R"({"model":"kling-2.6/motion-control"})") == required);
    CHECK(refusal(R"({"input":{}})") == required);
    CHECK(refusal(R"({"model":"kling-9/motion-control","input":{}})") == Refusal{422, "The page does not exist or is not published"});
    CHECK(refusal(R"({"model":"kling-2.6/motion-control","input":{},"callbackUrl":"x"})") == exception);
    CHECK(refusal(but("\"prompt\"", "\"seed\":1,\"prompt\"")) == exception);
    CHECK(refusal(but("\"720p\"", "\"std\"")) == Refusal{500, "mode is not within the range of allowed options"});
    CHECK(refusal(but("\"720p\"", "720")) == exception);
    CHECK(refusal(but(R"(,"mode":"720p")", "")) == required);
    CHECK(refusal(but("\"video\"", "\"left\"")) == Refusal{500, "character_orientation is not within the range of allowed options"});
    CHECK(refusal(but("\"video\"", "null")) == required);
}

TEST_CASE("the inputs are arrays of exactly one URL of a supported type") {
    CHECK(refusal(but(R"(["https://a/c.png"])", "[]")) == Refusal{500, "This field is required"});
    CHECK(refusal(but(R"(["https://a/c.png"])", R"("https://a/c.png")")) == Refusal{500, "server exception"});
    CHECK(refusal(but(R"(["https://a/c.png"])", R"(["https://a/c.png","https://a/d.png"])")).text.find("allowed options") != std::string::npos);
    CHECK(refusal(but("https://a/c.png", "/home/c.png")) == Refusal{500, "File type not supported"});
    CHECK(refusal(but("https://a/m.mp4", "https://a/m.webm?x=.mp4")) == Refusal{500, "File type not supported"});
    CHECK(refusal(but("https://a/m.mp4", "https://a/m")).code == 200);
}
