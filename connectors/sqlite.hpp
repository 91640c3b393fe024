#pragma once

#include <memory>
#include <string>
#include <utility>

#include "sluice/connectors/sink.hpp"

namespace sluice::to {

/// Writes rows into a table of an SQLite database.
///
///   .sink("alerts", to::sqlite_table{"alerts.db", "alerts"})
///
/// File and table are made if they are not there; a table that is must have a column for each
/// field, by name, of a fitting type:
///
///   bool, integers    INTEGER; of uint64 up to 2^63 - 1, larger ones are an error
///   float, double     REAL; NaN becomes NULL
///   instant           INTEGER, µs since 1970
///   text              TEXT
///
/// Optional fields are columns that may be NULL. Further columns must fill themselves.
///
/// In a run with checkpoints every row is there exactly once, by epoch: the rows of an epoch are
/// staged in a folder `.FILE.sluice` beside the database and inserted in one transaction with a row
/// of the table `sluice_epochs`, which says so. The database is set to `journal_mode=WAL` and
/// written with `synchronous=FULL`. Without checkpoints there is a transaction for every flush, and
/// for every MiB. Rows of earlier runs are left alone.
class sqlite_table {
 public:
  sqlite_table(std::string path, std::string table)
      : path_(std::move(path)), table_(std::move(table)) {}

  /// Errors: the file is no database or cannot be made or written; the table does not fit.
  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const;
  result<void> try_open(const sink_context& at) const;
  bool commits() const { return true; }
  std::string describe() const { return "sqlite table, " + table_ + " of " + path_; }

 private:
  std::string path_;
  std::string table_;
};

}  // namespace sluice::to
