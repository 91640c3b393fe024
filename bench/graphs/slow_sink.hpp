#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sluice/sluice.hpp"

namespace sluice::bench {

/// A row of 100 bytes.
struct wide_row {
  std::uint64_t number;
  std::uint64_t key;
  std::int64_t value;
  std::uint64_t a, b, c, d, e, f, g, h, i;
  std::uint32_t j;
};
SLUICE_RECORD(wide_row, number, key, value, a, b, c, d, e, f, g, h, i, j);

/// How long the sink does what, one after another.
struct sink_phases {
  std::chrono::milliseconds free{2000};
  std::chrono::milliseconds tenth{60'000};
  std::chrono::milliseconds hundredth{10'000};
  std::chrono::milliseconds stopped{30'000};
  std::chrono::milliseconds released{5000};
};

/// When the markers of a run were somewhere, in order, of the steady clock; 0: not yet.
struct marker_times {
  static constexpr std::size_t most = 512;  // later ones are not noted
  std::array<std::atomic<std::int64_t>, most> ns;
  std::atomic<std::size_t> count;

  void note() {
    const std::size_t at = count++;
    if (at < most) ns[at] = std::chrono::steady_clock::now().time_since_epoch().count();
  }
};

/// What source, sink and observer of one run share, in whichever process they are. 0 at first.
struct slow_counters {
  std::atomic<std::int64_t> sink_opened_ns;
  std::atomic<std::uint64_t> made, taken;  // rows
  std::atomic<std::uint64_t> made_sum, taken_sum;
  marker_times cut, passed;  // at the source, at the sink; every marker is a COMMIT
  std::atomic<bool> over;    // the source is to end
};

inline constexpr credit slow_window{.rows = 65'536, .bytes = 2 << 20};
inline constexpr std::size_t slow_batch_rows = 8192;

/// Composes source → key_by → scan → slow sink: rows of 100 bytes, one out for each in. The sink
/// takes them freely at first, then at a tenth of that rate, then at a hundredth, then not at all,
/// then freely again. `counters` outlive the graph.
void compose_slow_sink(graph& g, const sink_phases& plan, slow_counters& counters);

}  // namespace sluice::bench
