#include "system/credentials.hpp"
#include <doctest/doctest.h>
#include <cstdlib>
#include "support/temp_folder.hpp"

namespace motionspool::system {
namespace {

constexpr const char* canary = "canary-0123456789abcdef";

struct Environment {
    Environment() { clear(); }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() { clear(); }
    static void clear() {
        ::unsetenv("KIE_API_KEY");
        ::unsetenv("CREDENTIALS_DIRECTORY");
    }
    test::TempFolder folder;
};

/// The key as read from a configured file of this content; the problem's text in brackets if there is one.
std::string read_back(const test::TempFolder& folder, std::string_view content) {
    test::write_file(folder / "key", content);
    const auto key = read_api_key(folder / "key");
    return key.has_value() ? key->reveal() : "[" + key.problem().text + "]";
}

TEST_CASE_FIXTURE(Environment, "the configured file comes before the credential, and that before the variable") {
    test::write_file(folder / "file", "from-file");
    test::write_file(folder / "kie-api-key", "from-credential");
    ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
    ::setenv("KIE_API_KEY", "from-variable", 1);
    CHECK(read_api_key(folder / "file")->reveal() == "from-file");
    ::setenv("KIE_API_KEY", "from-variable", 1);
    CHECK(read_api_key("")->reveal() == "from-credential");
    ::setenv("KIE_API_KEY", "from-variable", 1);
    std::filesystem::remove(folder / "kie-api-key");
    CHECK(read_api_key("")->reveal() == "from-variable");
}

TEST_CASE_FIXTURE(Environment, "the variable is gone from the environment, whatever was used") {
    ::setenv("KIE_API_KEY", canary, 1);
    test::write_file(folder / "file", "from-file");
    CHECK(read_api_key(folder / "file").has_value());
    CHECK(std::getenv("KIE_API_KEY") == nullptr);
}

TEST_CASE_FIXTURE(Environment, "the memory of the variable's value is overwritten, not only forgotten") {
    std::string entry = std::string{"KIE_API_KEY="} + canary;
    REQUIRE(::putenv(entry.data()) == 0);  // the environment now is this very memory, as it is the stack's at the program's start
    CHECK(read_api_key("")->reveal() == canary);
    CHECK(entry.find("canary") == std::string::npos);
}

TEST_CASE_FIXTURE(Environment, "one line end is cut off, of either kind, and no more") {
    CHECK(read_back(folder, "abc") == "abc");
    CHECK(read_back(folder, "abc\n") == "abc");
    CHECK(read_back(folder, "abc\r\n") == "abc");
    CHECK(read_back(folder, "abc\n\n").starts_with("[the key in "));
}

TEST_CASE_FIXTURE(Environment, "what cannot be a key is a problem that says what is wrong with it and where it came from") {
    const std::string file = (folder / "key").string();
    CHECK(read_back(folder, "") == "[the key in " + file + " is empty; expected the key alone, on one line]");
    CHECK(read_back(folder, "\n").find("is empty") != std::string::npos);
    for (const std::string_view bad : {"a\nb", "a b", " a", "a\t", "a\x1b", "a\x7f"}) CHECK(read_back(folder, bad).find("holds a space") != std::string::npos);
    CHECK(read_back(folder, std::string_view{"a\0b", 3}).find("holds a space") != std::string::npos);
    CHECK(read_back(folder, std::string(4096, 'x')) == std::string(4096, 'x'));
    CHECK(read_back(folder, std::string(4097, 'x')).find("longer than 4096 bytes") != std::string::npos);
    CHECK(read_back(folder, std::string(1 << 20, 'x')).find("longer than 4096 bytes") != std::string::npos);
}

TEST_CASE_FIXTURE(Environment, "no problem's text shows any part of the key") {
    CHECK(read_back(folder, std::string{canary} + " x").find("canary") == std::string::npos);
    ::setenv("KIE_API_KEY", (std::string{canary} + " x").c_str(), 1);
    CHECK(read_api_key("").problem().text.find("canary") == std::string::npos);
}

TEST_CASE_FIXTURE(Environment, "a configured file that is missing is a problem, even if the variable is there") {
    ::setenv("KIE_API_KEY", canary, 1);
    const auto key = read_api_key("/nonexistent/key");
    REQUIRE_FALSE(key.has_value());
    CHECK(key.problem().text == "cannot read the key in /nonexistent/key: No such file or directory");
}

TEST_CASE_FIXTURE(Environment, "a configured file that is a folder is a problem") {
    CHECK(read_api_key(folder.path()).problem().text.find("Is a directory") != std::string::npos);
}

TEST_CASE_FIXTURE(Environment, "without any key the problem names the three ways to give one") {
    const std::string text = read_api_key("").problem().text;
    for (const char* way : {"provider.api_key_file", "kie-api-key", "$KIE_API_KEY"}) CHECK(text.find(way) != std::string::npos);
}

TEST_CASE_FIXTURE(Environment, "a webhook key is optional, but a configured one must be there") {
    CHECK_FALSE(read_webhook_key("")->has_value());
    ::setenv("CREDENTIALS_DIRECTORY", folder.path().c_str(), 1);
    CHECK_FALSE(read_webhook_key("")->has_value());
    test::write_file(folder / "kie-webhook-key", "hook\n");
    CHECK(read_webhook_key("").value()->reveal() == "hook");
    CHECK_FALSE(read_webhook_key("/nonexistent/key").has_value());
}

TEST_CASE("a secret leaves nothing behind where it was") {
    Secret secret{std::string{canary}};
    const std::string_view memory = secret.reveal();
    REQUIRE(memory.size() > 15);  // on the heap, so that the memory outlives the assignment below
    const Secret moved{std::move(secret)};
    CHECK(moved.reveal() == canary);
    CHECK(memory.find("canary") == std::string_view::npos);
}

TEST_CASE("wiping a text overwrites all of its memory") {
    std::string text = canary;
    const char* const memory = text.data();
    const std::size_t length = text.size();
    text.resize(3);
    wipe(text);
    CHECK(text.empty());
    CHECK(std::string_view(memory, length).find_first_not_of('\0') == std::string_view::npos);
}

}  // namespace
}  // namespace motionspool::system
