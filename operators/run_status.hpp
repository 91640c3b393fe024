#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/messages/credit.hpp"
#include "sluice/messages/ids.hpp"
#include "sluice/operators/histogram.hpp"
#include "sluice/operators/source_counters.hpp"
#include "sluice/operators/stage_counters.hpp"

namespace sluice {

/// What one instance has done so far.
struct instance_status {
  std::string stage;
  std::string role;  ///< source, batcher, aggregator, sink
  std::size_t instance = 0;
  source_counters source;  ///< Only of a source.
  stage_counters work;     ///< Only of the others.
  double output_ratio = 0;
  std::uint64_t busy_ns = 0;
  std::uint64_t blocked_ns = 0;
  std::uint64_t queued_rows = 0;
  std::vector<credit> most_queued;  ///< Per inlet channel, as are the next two.
  std::vector<credit> queued;
  std::vector<credit> credit_left;  ///< What the sender may still send.
};

/// A run as its coordinator sees it.
struct run_status {
  std::uint64_t elapsed_ms = 0;
  epoch_id opened;
  epoch_id done;
  std::uint64_t epochs = 0;  ///< Done in this run.
  std::uint64_t commits = 0;
  std::uint64_t undecided = 0;  ///< COMMIT epochs that are open.
  epoch_duration_histogram epoch_durations;
  instant taken_at;                      ///< Wall clock of this status.
  std::uint64_t memory_bytes = 0;        ///< Of the process, resident; 0: not known.
  std::uint64_t memory_limit_bytes = 0;  ///< What the process may have; 0: not known.
  std::vector<instance_status> instances;
  bool finished = false;
  bool kept = false;    ///< Stopped behind a checkpoint, to be gone on with.
  std::string failure;  ///< Empty, or the stage and its reason.
};

}  // namespace sluice
