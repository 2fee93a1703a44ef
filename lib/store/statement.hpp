#pragma once
#include <SQLiteCpp/SQLiteCpp.h>
#include <optional>
#include <string>
#include <string_view>
#include "base/credits.hpp"
#include "base/id.hpp"
#include "base/time.hpp"

namespace motionspool::store {

/// One use of a prepared statement: binds, and resets when it goes (an open one would block checkpoints).
class Use {
public:
    template <typename... Values>
    explicit Use(SQLite::Statement& statement, const Values&... values) : statement_{statement} {
        int at = 0;
        (bind(++at, values), ...);
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;
    ~Use() {
        statement_.tryReset();
        statement_.clearBindings();
    }
    /// Steps to the next row. @return false after the last
    bool row() { return statement_.executeStep(); }
    /// Runs a change. @return how many rows it changed
    int run() { return statement_.exec(); }

    [[nodiscard]] std::int64_t number(int column) { return statement_.getColumn(column).getInt64(); }
    [[nodiscard]] std::string text(int column) { return statement_.getColumn(column).getString(); }
    [[nodiscard]] bool null(int column) { return statement_.getColumn(column).isNull(); }
    [[nodiscard]] Instant instant(int column) { return Instant{std::chrono::milliseconds{number(column)}}; }
    [[nodiscard]] Credits credits(int column) { return Credits::from_milli(number(column)); }
    [[nodiscard]] std::optional<std::string> maybe_text(int column) { return null(column) ? std::nullopt : std::optional{text(column)}; }

private:
    void bind(int at, std::int64_t value) { statement_.bind(at, value); }
    void bind(int at, int value) { statement_.bind(at, value); }
    void bind(int at, const std::string& value) { statement_.bind(at, value); }
    void bind(int at, std::string_view value) { statement_.bind(at, std::string{value}); }
    void bind(int at, const char* value) { statement_.bind(at, std::string{value}); }
    void bind(int at, Credits value) { statement_.bind(at, value.milli()); }
    void bind(int at, Instant value) { statement_.bind(at, std::int64_t{value.time_since_epoch().count()}); }
    void bind(int at, BootTime value) { statement_.bind(at, std::int64_t{value.time_since_epoch().count()}); }
    void bind(int at, std::chrono::milliseconds value) { statement_.bind(at, std::int64_t{value.count()}); }
    template <typename Tag>
    void bind(int at, Id<Tag> value) {
        statement_.bind(at, value.value());
    }
    template <typename T>
    void bind(int at, const std::optional<T>& value) {
        if (value)
            bind(at, *value);
        else
            statement_.bind(at);
    }
    SQLite::Statement& statement_;
};

}  // namespace motionspool::store
