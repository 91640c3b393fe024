#pragma once

#include <cstdint>

#include "sluice/bench/harness/json.hpp"
#include "sluice/graph/settings.hpp"

namespace sluice::bench {

/// Milliseconds between the markers of a graph that says nothing about it.
inline std::uint64_t default_interval_ms() {
  return static_cast<std::uint64_t>(settings{}.latency().count());
}

/// The settings in force in a benchmark's graph, for its line: those named, else the defaults.
inline json_object used_settings(std::uint64_t batch_rows = settings{}.batch_rows(),
                                 std::uint64_t threads = 1,
                                 std::uint64_t window = settings{}.credit_rows()) {
  return json_object{}
      .add("batch.rows", batch_rows)
      .add("window", window)
      .add("threads", threads)
      .add("interval_ms", default_interval_ms());
}

}  // namespace sluice::bench
