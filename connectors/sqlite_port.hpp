#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/connectors/sqlite_database.hpp"
#include "sluice/connectors/table_columns.hpp"
#include "sluice/connectors/transaction_port.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// `fields` as SQLite stores them.
extern const column_dialect sqlite_columns;
/// The columns of `table`; none if there is no such table. An error if it is a view.
result<std::vector<table_column>> sqlite_columns_of(sqlite_database& database,
                                                    const std::string& table);

/// A table of an SQLite database and its `sluice_epochs`.
class sqlite_port final : public transaction_port {
 public:
  sqlite_port(std::string path, std::string table, const schema& fields)
      : path_(std::move(path)), table_(std::move(table)), fields_(fields) {}

  result<void> begin(std::chrono::seconds longest) override;
  result<std::vector<epoch_row>> rows(const job_id& job, const std::string& sink,
                                      std::optional<std::size_t> instance) override;
  result<bool> put(const job_id& job, const std::string& sink, const epoch_row& row) override;
  result<void> insert(std::string_view bytes) override;
  result<void> commit() override;
  void rollback() override;
  std::string place() const override { return path_; }

  /// Makes the table, or checks it, and `sluice_epochs` if that is wanted. Called once, before the
  /// first `begin`.
  result<void> make_tables(bool with_epochs);

 private:
  result<void> insert_line(std::string_view line);

  std::string path_;
  std::string table_;
  const schema& fields_;
  std::unique_ptr<sqlite_database> database_;
  std::unique_ptr<sqlite_database::statement> into_;
  std::string cut_;  // the beginning of a line whose end has not come yet
};

}  // namespace sluice
