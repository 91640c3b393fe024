#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/records/result.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

// The bytes of the commit log and of its witness (docs/checkpoint-format.md). A log is a head and
// records, each the whole truth after one write, chained by their checksums. The witness holds how
// far a log had come when its last write was acknowledged: without it a log that was cut between
// two records, or at its end, would look like one that never was longer.

/// A place between two records.
struct log_position {
  std::uint64_t log = 0;  ///< Number of the log: each one that takes another's place has one more.
  std::uint64_t bytes = 0;     ///< From its beginning.
  std::uint32_t checksum = 0;  ///< Of everything before, chained.

  auto operator<=>(const log_position&) const = default;
};

/// What a log holds.
struct log_content {
  meta_truth truth;          ///< Of its last record.
  std::uint64_t writes = 0;  ///< Number of that record: every write of a run has its own, from 1.
  log_position end;          ///< Behind that record.
  std::uint64_t torn_bytes = 0;  ///< Behind `end`: of a record whose write was broken off.
};

/// The head of log number `log`, and where the first record goes.
struct log_head {
  std::string bytes;
  log_position end;
};
log_head begin_log(std::uint64_t log);

/// The record of write number `write`, which is to stand at `at`.
struct log_record {
  std::string bytes;
  log_position end;
};
log_record log_record_of(const meta_truth& truth, std::uint64_t write, const log_position& at);

/// Reads the log `bytes` of the file called `path` in errors; `seen` is what the witness holds.
/// A last record that is not complete is left out, unless the witness knows it as complete.
/// Anything else that is not as it was written is `malformed`: `PATH: byte N: what is wrong`.
result<log_content> read_log(std::string_view bytes, const std::string& path,
                             const std::optional<log_position>& seen);

/// One entry of the witness.
std::string witness_entry(const log_position& at);
/// The furthest position in `bytes`. Nothing is synced there, so entries that are not whole or not
/// sound are passed over; nothing if none is sound.
std::optional<log_position> read_witness(std::string_view bytes);

}  // namespace sluice
