#pragma once
#include <memory>
#include <string>

namespace CLI {
class App;
class FormatterBase;
class ParseError;
}  // namespace CLI

namespace motionspool {

/// Help that tells of each command what every command understands, too.
[[nodiscard]] std::shared_ptr<CLI::FormatterBase> help_format();

/// A command line that makes no sense, as one sentence that ends with where to read more.
[[nodiscard]] std::string usage_error(const CLI::App& root, const CLI::ParseError&);

}  // namespace motionspool
