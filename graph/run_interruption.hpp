#pragma once

#include <csignal>

namespace sluice {

/// Catches SIGINT and SIGTERM while it lives: the first SIGINT asks to drain, the first SIGTERM to
/// keep, whatever comes second to abort. Two
/// seconds after that the process ends with exit code 130 if it is still there, or at once at a
/// third. Afterwards the signals are handled as before. One at a time, on the main thread.
///
///   interruption stopping;
///   run_graph(g, chosen, {.interrupted = [&] { return stopping.level(); }});
class interruption {
 public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// 0: nobody asked; 1: drain; 2: abort; 3: keep. From any thread.
  int level() const;

 private:
  struct sigaction before_int_ {};
  struct sigaction before_term_ {};
  struct sigaction before_alarm_ {};
};

}  // namespace sluice
