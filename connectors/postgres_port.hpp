#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/connectors/outside_wait.hpp"
#include "sluice/connectors/postgres_connection.hpp"
#include "sluice/connectors/table_columns.hpp"
#include "sluice/connectors/transaction_port.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// `fields` as PostgreSQL stores them.
extern const column_dialect postgres_columns;

/// A table of a PostgreSQL database, and `sluice_epochs` in the same schema.
class postgres_port final : public transaction_port {
 public:
  /// `place` as `postgres_place` says. `stage` and `wait`: whose waiting it is; `wait` may be null.
  postgres_port(std::string conninfo, std::string place, std::string table, const schema& fields,
                std::string stage, std::shared_ptr<outside_wait> wait);

  result<void> begin(std::chrono::seconds longest) override;
  result<std::vector<epoch_row>> rows(const job_id& job, const std::string& sink,
                                      std::optional<std::size_t> instance) override;
  result<bool> put(const job_id& job, const std::string& sink, const epoch_row& row) override;
  result<void> insert(std::string_view bytes) override;
  result<void> commit() override;
  void rollback() override;
  std::string place() const override { return place_; }

  /// Looks whether rows can be inserted into the table; if there is none, whether it can be made.
  /// Changes nothing.
  result<void> check_table();
  /// Makes the table, or checks it, and `sluice_epochs` if that is wanted. Called once, before the
  /// first `begin`.
  result<void> make_tables(bool with_epochs);

 private:
  result<void> connect(std::chrono::seconds longest);
  result<void> make(const std::string& table, const std::string& columns);
  result<bool> table_is_there();
  postgres_connection::patience patience();
  error with_place(const error& why) const;

  std::string conninfo_;
  std::string place_;
  std::string table_;   // quoted, with its schema if one was given
  std::string epochs_;  // the same of sluice_epochs
  std::string shown_;   // the table as it was given
  const schema& fields_;
  std::string stage_;
  std::shared_ptr<outside_wait> wait_;
  std::optional<postgres_connection> connection_;
  std::chrono::milliseconds left_{0};  // until patience ends; 0: never
  bool endless_ = false;
  bool copying_ = false;
};

}  // namespace sluice
