#pragma once

#include <csignal>

namespace sluice {

/// Catches SIGINT and SIGTERM while it lives: the first asks to drain, the second to abort. A third
/// one ends the process as if nobody had listened. Afterwards the signals are handled as before.
/// One at a time, on the main thread.
///
///   interruption stopping;
///   run_graph(g, chosen, {.interrupted = [&] { return stopping.level(); }});
class interruption {
 public:
  interruption();
  ~interruption();
  interruption(const interruption&) = delete;
  interruption& operator=(const interruption&) = delete;

  /// 0: nobody asked; 1: drain; 2: abort. From any thread.
  int level() const;

 private:
  struct sigaction before_int_ {};
  struct sigaction before_term_ {};
};

}  // namespace sluice
