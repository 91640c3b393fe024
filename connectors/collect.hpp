#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/sink.hpp"
#include "sluice/records/batch.hpp"

namespace sluice {

/// Rows that reached a sink, with the epochs they came in. Thread-safe.
class collected_batches {
 public:
  /// Keeps a copy of `rows`, of the epoch that instance `instance` is in.
  void add(std::size_t instance, const column_batch& rows);
  /// The rows instance `instance` added since its last epoch belong to `epoch`.
  void end_epoch(std::size_t instance, epoch_id epoch);

  std::size_t size() const;  ///< Rows.
  /// Epochs that have ended, in order, those without rows too.
  std::vector<epoch_id> epochs() const;
  /// Batches in order of arrival; of `epoch` only, unless it is 0.
  std::vector<batch_ptr> batches(epoch_id epoch = {}) const;

 private:
  struct part {
    std::size_t instance = 0;
    epoch_id epoch;  // 0: not ended yet
    batch_ptr rows;
  };

  buffer_pool pool_;
  mutable std::mutex mutex_;
  std::vector<part> parts_;
  std::vector<epoch_id> epochs_;
};

/// Rows of record `T` that reached a sink, kept in memory.
///
///   auto seen = std::make_shared<collected<word>>();
///   ….sink("seen", to::collect{seen});
///   for (const word& w : seen->rows()) …
///
/// Text of the rows lives as long as this. Thread-safe.
template <record T>
class collected {
 public:
  std::size_t size() const { return all_.size(); }  ///< Rows.
  std::vector<epoch_id> epochs() const { return all_.epochs(); }
  /// All rows, those of an instance in order.
  std::vector<T> rows() const { return rows_of({}); }
  /// The rows of one epoch that has ended.
  std::vector<T> rows_of(epoch_id epoch) const {
    std::vector<T> rows;
    for (const auto& part : all_.batches(epoch)) {
      const batch<T> view{*part};
      for (std::size_t row = 0; row < view.size(); ++row) rows.push_back(view[row]);
    }
    return rows;
  }

  collected_batches& untyped() { return all_; }

 private:
  collected_batches all_;
};

/// Opens a writer that adds to `rows`, which are stored as those of `fields`.
result<std::unique_ptr<sink_writer>> open_collecting(std::shared_ptr<collected_batches> rows,
                                                     const schema& fields, const sink_context& at);

namespace to {

/// Keeps the rows in memory; see `collected`.
template <record T>
class collect {
 public:
  using record_type = T;

  explicit collect(std::shared_ptr<collected<T>> rows) : rows_(std::move(rows)) {}

  /// Errors: the rows of the stage are no `T`.
  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const {
    return open_collecting({rows_, &rows_->untyped()}, schema_of<T>(), at);
  }
  std::string describe() const { return "memory"; }
  bool stays() const { return true; }

 private:
  std::shared_ptr<collected<T>> rows_;
};

}  // namespace to
}  // namespace sluice
