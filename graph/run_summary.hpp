#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/operators/run_status.hpp"

namespace sluice {

/// What a source stage read: rows, and pieces of input that were none.
struct rows_read {
  std::string source;
  std::uint64_t good = 0;
  std::uint64_t bad = 0;

  bool operator==(const rows_read&) const = default;
};

/// The sources of a run that rejected something.
std::vector<rows_read> rejected_rows(const run_status& status);

/// `payments: read 1,000  good 997  bad 3 → payments.rejected.jsonl`. Without a path the bad rows
/// are where the connector was told to put them.
std::string rejects_line(const rows_read& read, const std::string& path);

/// `done: 1,000 rows in 1.2 s, 3 epochs`.
std::string done_line(const run_status& status, bool drained);

}  // namespace sluice
