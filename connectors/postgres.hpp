#pragma once

#include <memory>
#include <string>
#include <utility>

#include "sluice/connectors/sink.hpp"

namespace sluice::to {

/// Writes rows into a table of a PostgreSQL database.
///
///   .sink("alerts", to::postgres_table{"host=db dbname=fraud user=sluice", "alerts"})
///
/// The connection string is libpq's; a password is better left to `~/.pgpass` or `PGPASSWORD`. The
/// table, `name` or `schema.name`, is made if it is not there; one that is must have a column for
/// each field, by name, of a fitting type:
///
///   bool                          boolean
///   int8, int16, uint8            smallint or larger
///   int32, uint16                 integer or larger
///   int64, uint32                 bigint or numeric
///   uint64                        numeric, or numeric(20)
///   float, double                 real, double precision
///   instant                       timestamp with time zone; of the years 1 to 9999, others are an
///   error text                          text or varchar
///
/// Optional fields are columns that may be NULL. Further columns must fill themselves.
///
/// In a run with checkpoints every row is there exactly once, by epoch: the rows of an epoch are
/// staged in files and copied in one transaction with a row of the table `sluice_epochs`, which
/// says so. They are staged in `staging`, a folder every process that may run the sink can reach;
/// empty: in the directory of the checkpoints. Without checkpoints there is a transaction for every
/// flush, and for every MiB. Rows of earlier runs are left alone.
class postgres_table {
 public:
  postgres_table(std::string connection, std::string table, std::string staging = {})
      : connection_(std::move(connection)),
        table_(std::move(table)),
        staging_(std::move(staging)) {}

  /// Errors: no connection string, no connection; the table does not fit or may not be written.
  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const;
  result<void> try_open(const sink_context& at) const;
  bool commits() const { return true; }
  std::string describe() const;

 private:
  std::string connection_;
  std::string table_;
  std::string staging_;
};

}  // namespace sluice::to
