#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/records/instant.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// What a source instance remembers at a COMMIT (docs/protocol.md E2).
struct source_snapshot {
  std::string position;                ///< Of its reader; empty: it cannot go back.
  instant newest = instant::lowest();  ///< The newest event time it has read.
  std::uint64_t rows = 0;              ///< Read up to there, since the job began.
  std::string prepared = {};           ///< Of what it puts outside by itself (`epoch_output`).

  bool operator==(const source_snapshot&) const = default;
};

std::string bytes_of(const source_snapshot& snapshot);
/// Errors: `malformed`.
result<source_snapshot> source_snapshot_of(std::string_view bytes);

}  // namespace sluice
