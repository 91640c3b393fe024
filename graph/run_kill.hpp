#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>

#include "sluice/graph/node_children.hpp"
#include "sluice/graph/run.hpp"
#include "sluice/graph/run_and_show.hpp"

namespace sluice {

/// Kills one of the other nodes in the middle of a run, and watches how the run goes on.
class run_kill {
 public:
  /// Nobody is killed without `after`: rows that all sources together have read.
  run_kill(std::optional<std::uint64_t> after, node_children* children)
      : after_(after), children_(children) {}

  /// What a run tells (run_options). From any thread.
  void take(const run_status& status);
  void take(const begun_generation& begun);
  void committed();
  /// Kills the node if its time has come: true then. On the thread that tends the children.
  bool kill_if_due();

  shown_recovery seen() const;

 private:
  using clock = std::chrono::steady_clock;

  std::optional<std::uint64_t> after_;
  node_children* children_;
  mutable std::mutex mutex_;
  clock::time_point killed_at_{};
  bool due_ = false;
  bool begun_again_ = false;
  shown_recovery seen_;
};

}  // namespace sluice
