#pragma once

#include <chrono>
#include <cstdio>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "sluice/graph/run_choices.hpp"
#include "sluice/graph/run_position.hpp"

namespace sluice {

/// Shows how far a run is while it goes on.
///
///   progress_display shown{progress_form::bar, windows_of(planned)};
///   run_graph(g, chosen, {.report_every = shown.report_every(),
///                         .on_status = [&](const run_status& s) { shown.take(s); },
///                         .on_epoch = [&](epoch_id e, std::uint64_t ms) { shown.take(e, ms); },
///                         .interrupted = [&] { shown.draw(); return 0; }});
///   shown.finish(last);
///
/// `take` may be called from any thread and never waits for the terminal; the others print, from
/// one thread.
class progress_display {
 public:
  /// Lines of `plain` are that far apart.
  static constexpr std::chrono::milliseconds between_lines{5000};

  progress_display(progress_form form, stage_windows windows, std::FILE* to = stderr);

  /// How often a run should report; 0: there is nothing to show.
  std::chrono::milliseconds report_every() const;

  void take(const run_status& status);
  void take(epoch_id epoch, std::uint64_t elapsed_ms);

  /// Prints what is new and due.
  void draw();
  /// Makes room for a message: takes the bar away until the next `draw`.
  void clear();
  /// Prints the end: what was still to be printed of `json`, nothing of a bar.
  void finish(const run_status& last);

 private:
  struct finished_epoch {
    epoch_id epoch;
    std::uint64_t elapsed_ms = 0;
  };
  void print(std::string_view text);
  void print_epochs(const run_position& at);
  void print_line(const run_position& at);

  progress_form form_;
  stage_windows windows_;
  std::FILE* to_;
  row_rate rate_;
  std::uint64_t next_line_ms_ = between_lines.count();
  bool bar_there_ = false;

  std::mutex mutex_;
  std::optional<run_status> latest_;
  std::vector<finished_epoch> epochs_;
};

/// What `automatic` comes to: a bar if `terminal`, unless the rows themselves are printed there
/// (`rows_there`); else plain lines.
progress_form chosen_form(progress_form asked, bool terminal, bool rows_there);

}  // namespace sluice
