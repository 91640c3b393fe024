#pragma once

#include <cstdint>
#include <string>

#include "sluice/graph/graph.hpp"
#include "sluice/messages/checkpoint.hpp"
#include "sluice/sim/sim_disk.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice::sim {

struct audit_options {
  std::uint64_t numbers = 400;  ///< From 0.
  /// Instance `i` of the source makes the numbers whose rest is `i` when divided by so many.
  std::size_t readers = 1;
  bool rejects = false;  ///< Pieces of the input are rejected.
};

/// When the output is looked at.
struct audit_moment {
  bool finished = false;   ///< The run has ended …
  bool drained = false;    ///< … before the input did.
  bool left_over = false;  ///< Files of older generations may lie around at the end.
};

/// A graph whose committed output can be checked at any moment: every number once in the files of
/// `rows`, what has been counted and summed of each key in those of `sums`; the keys once by
/// arrival and once in event-time order, and in `ends` what each key comes to, when all have ended.
class audit_graph {
 public:
  /// Sinks write to `disk`, which outlives this.
  explicit audit_graph(sim_disk& disk, const audit_options& options = {});

  const graph& made() const { return graph_; }

  /// Whether what is visible is one cut of the numbers, and nothing of it was not decided, as
  /// `truth` has it (docs/protocol.md I1, I2). Sinks commit one after the other, so only epochs up
  /// to `closed` are whole.
  std::string look(const meta_truth& truth, epoch_id closed, const audit_moment& now) const;
  /// Whether what the sinks have prepared of `decided` is there (I4).
  std::string prepared(const manifest& decided) const;

 private:
  // The first piece that is rejected at `row` or behind it by the same reader.
  std::uint64_t rejected_from(std::uint64_t row) const;

  sim_disk* disk_;
  audit_options options_;
  graph graph_{"audit"};
};

}  // namespace sluice::sim
