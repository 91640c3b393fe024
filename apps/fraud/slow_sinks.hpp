#pragma once

#include <cstdint>
#include <memory>

#include "sluice/apps/fraud/fraud_graph.hpp"
#include "sluice/apps/fraud/handbook_world.hpp"
#include "sluice/apps/fraud/latency_histogram.hpp"

namespace sluice::fraud {

/// Which sink of the fraud graph takes its rows ten times too slowly for a while: that of the
/// alerts, which are few, or that of the features, one for every payment.
enum class slow_sink : std::uint8_t { alerts, features };

/// What was seen of a run with a slow sink. Rates are rows a second.
struct slow_sink_run {
  slow_sink which{};
  double offered = 0;       ///< Payments.
  double slow_seconds = 0;  ///< How long it was slow.
  double decided_before = 0;
  double decided_slow = 0;  ///< … once what it held back had filled the windows.
  double taken_before = 0;  ///< Rows of that sink.
  double taken_slow = 0;
  latency_histogram answers_before{};  ///< Of decisions, µs from when the payment was due.
  latency_histogram answers_slow{};
  /// From when it was fast again to the end of the first tenth of a second in which as much was
  /// decided and taken as before; negative: that was not seen.
  double full_again_seconds = -1;
  /// Rows that ever waited for it: of alerts those in its channel, of features all that were
  /// decided and not yet taken.
  std::uint64_t most_waiting = 0;
  std::uint64_t window = 0;         ///< What may wait in one channel.
  std::uint64_t memory_before = 0;  ///< Bytes of this process, once the windows were full …
  std::uint64_t memory_slow = 0;    ///< … and at most from then on.
  std::uint64_t read = 0;           ///< Payments in all, …
  std::uint64_t decided = 0;        ///< … and what reached the sinks of them.
  std::uint64_t examined = 0;
};

/// Runs the fraud graph in this process, 60,000 payments of `world` a second, with `which` slow
/// from the fifth second on, for ten seconds. Takes about 20 s. Throws `std::runtime_error` if the
/// run fails.
slow_sink_run run_with_slow_sink(const std::shared_ptr<const handbook_world>& world,
                                 const fraud_steps& steps, slow_sink which);

}  // namespace sluice::fraud
