#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/graph/settings_origin.hpp"

namespace sluice {

enum class problem_severity : std::uint8_t { error, warning };

/// Something wrong with the configuration, and where.
struct config_problem {
  problem_severity severity = problem_severity::error;
  setting_origin origin;
  std::string message;      ///< what happened, then the values
  std::string hint;         ///< what to do about it; may be empty
  std::string source_line;  ///< the line of the file, if it was in one

  bool operator==(const config_problem&) const = default;
};

/// Returns a problem that has no place yet.
config_problem error_saying(std::string message, std::string hint = {});
config_problem warning_saying(std::string message, std::string hint = {});

/// Returns the problem as one line: `fraud.toml:6:8: message (hint)`.
std::string one_line(const config_problem& problem);

/// Returns the problem as it is shown by `check`: the message, the line of the file and a caret
/// below the place with the hint behind it.
///
///   fraud.toml:6:8: value out of range: batch.rows = 0
///   rows = 0
///          ^ allowed: 1 to 1048576 rows
std::string render(const config_problem& problem);

/// Returns `text` fit for one line of output: what is no printable UTF-8 escaped, cut after 80
/// characters.
std::string printable(std::string_view text);

/// The configuration is wrong; thrown before anything runs. `what()` has one line for each problem.
class config_error : public std::runtime_error {
 public:
  explicit config_error(std::vector<config_problem> problems);

  /// All errors, in order of precedence and position.
  const std::vector<config_problem>& problems() const { return problems_; }

 private:
  std::vector<config_problem> problems_;
};

}  // namespace sluice
