#pragma once

#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sluice/connectors/sink.hpp"

namespace sluice::to {

enum class epoch_heads { shown, hidden };

/// How rows are printed.
struct console_options {
  epoch_heads heads = epoch_heads::shown;
  std::FILE* out = stdout;  ///< Must outlive the run.
  /// What the head line gives as the time; by default that of the clock here, `14:03:59`.
  std::function<std::string()> time_of_day = {};
};

/// Prints the rows of every epoch at its end, below its number and the time, fields separated by
/// tabs; an epoch without rows prints nothing.
///
///   epoch 3  14:03:59
///   hello<tab>2
///
/// Several instances print one after the other, each with a head line of its own
/// (`epoch 3  14:03:59  2 of 4`). Absent values are empty; tabs, line ends, backslashes and other
/// control characters in text appear as `\t`, `\n`, `\\`, `\x1b`. If an epoch has more than 1 MiB
/// of text, what is there is printed at once below `epoch open  14:03:59`.
class console {
 public:
  explicit console(console_options options = {}) : options_(std::move(options)) {}

  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const;
  result<void> try_open(const sink_context&) const { return {}; }
  bool prints() const { return options_.out == stdout; }
  std::string describe() const { return "console"; }

 private:
  console_options options_;
};

}  // namespace sluice::to
