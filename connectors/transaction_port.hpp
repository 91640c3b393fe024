#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/messages/ids.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// Up to where one instance of a sink has been applied outside: a row of the table `sluice_epochs`.
struct epoch_row {
  std::size_t instance = 0;
  generation_id generation;  ///< Writers of older ones are shut out.
  epoch_id epoch;            ///< The last one with rows; 0: none yet.
  bool operator==(const epoch_row&) const = default;
};

/// A table in a system outside, and beside it the rows that say what is in it, both changed in one
/// transaction. The rules of who may change what are `committed_table`'s. Calls block; made by one
/// thread at a time.
///
/// Errors are for trying again: `rollback`, then `begin` once more, which connects anew if need be.
class transaction_port {
 public:
  virtual ~transaction_port() = default;

  /// Begins a transaction that can write. An answer of the system may take as long as `longest`; 0:
  /// as long as the run goes on.
  virtual result<void> begin(std::chrono::seconds longest) = 0;
  /// The rows of `sink`; of one instance, if that is given. Nobody changes them before the end of
  /// the transaction.
  virtual result<std::vector<epoch_row>> rows(const job_id& job, const std::string& sink,
                                              std::optional<std::size_t> instance) = 0;
  /// Writes a row, in place of what there is. False if a newer generation has written it meanwhile.
  virtual result<bool> put(const job_id& job, const std::string& sink, const epoch_row& row) = 0;
  /// Inserts rows: the next bytes of a staged file, cut anywhere; empty at the end.
  virtual result<void> insert(std::string_view bytes) = 0;
  /// Makes all of it durable. After an error nobody knows whether it is.
  virtual result<void> commit() = 0;
  /// Forgets what was done since `begin`, if anything was.
  virtual void rollback() = 0;

  /// Where this is, for messages: `alerts.db`.
  virtual std::string place() const = 0;
};

}  // namespace sluice
