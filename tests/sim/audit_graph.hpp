#pragma once

#include <cstdint>
#include <string>

#include "sluice/graph/graph.hpp"
#include "sluice/messages/checkpoint.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice::sim {

/// A graph whose committed output can be checked at any moment: every number once in the files of
/// `rows`, what has been counted and summed of each key in those of `sums`; the keys once by
/// arrival and once in event-time order.
class audit_graph {
 public:
  /// Numbers from 0; sinks write to `disk`, which outlives this. Instance `i` of the source makes
  /// the numbers whose rest is `i` when divided by `readers`.
  audit_graph(sim_disk& disk, std::uint64_t numbers, std::size_t readers = 1);

  const graph& made() const { return graph_; }

  /// Whether what is visible is one cut of the numbers, and nothing of it was not decided, as
  /// `truth` has it (docs/protocol.md I1, I2). Sinks commit one after the other, so only epochs up
  /// to `closed` are whole. `left_over`: files of older generations may lie around at the end.
  std::string look(const meta_truth& truth, epoch_id closed, bool finished,
                   bool left_over = false) const;
  /// Whether what the sinks have prepared of `decided` is there (I4).
  std::string prepared(const manifest& decided) const;

 private:
  sim_disk* disk_;
  std::uint64_t numbers_;
  std::size_t readers_;
  graph graph_{"audit"};
};

}  // namespace sluice::sim
