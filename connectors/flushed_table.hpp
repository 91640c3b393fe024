#pragma once

#include <memory>
#include <string>

#include "sluice/connectors/committed_table.hpp"

namespace sluice {

/// Writes rows into a table outside without a promise: in a transaction for every flush, and for
/// every MiB of rows. What the system outside does not take fails the run.
class flushed_table final : public sink_writer {
 public:
  flushed_table(std::shared_ptr<transaction_port> table, row_format format, row_refusal refuse);

  result<void> write(const column_batch& rows) override;
  result<void> flush(epoch_id) override;

 private:
  result<void> insert();

  std::shared_ptr<transaction_port> table_;
  row_format format_;
  row_refusal refuse_;
  std::string buffer_;
};

}  // namespace sluice
