#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sluice::bench {

/// How much is measured: `smoke` checks results only, `gate` judges ratios, `full` is for published
/// tables.
enum class size { smoke, gate, full };

/// "smoke", "gate" or "full".
const char* to_string(size s);

/// What the command line of a benchmark asks for.
struct options {
  bench::size size = size::gate;
  std::string variants = "*";                // a glob over the names of variants
  std::optional<std::size_t> repetitions{};  // odd
  bool gate = false;                         // a failed verdict fails the program

  /// Repetitions that count, the one thrown away excluded: as asked for, else 9, or 1 in a smoke
  /// run.
  std::size_t repetition_count() const { return repetitions.value_or(size == size::smoke ? 1 : 9); }

  /// True if `variant` was asked for.
  bool wants(const std::string& variant) const;

  bool operator==(const options&) const = default;
};

/// What went wrong with a command line, or what to print instead of running.
struct usage {
  std::string message;
  int exit_code = 2;
};

/// Reads `--size smoke|gate|full --variant GLOB --reps N --gate`, and `--help`. Throws `usage` on
/// anything else.
options parse_options(std::string_view program, std::span<const char* const> arguments);

}  // namespace sluice::bench
