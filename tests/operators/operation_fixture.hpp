#pragma once

#include <map>
#include <utility>
#include <vector>

#include "sluice/operators/operation.hpp"
#include "sluice/records/batch.hpp"

/// How the tests of single operations hand rows in and read what comes out.
namespace sluice {

/// Makes one batch of `rows`.
template <record T>
batch_ptr batch_with(const std::vector<T>& rows) {
  batch_builder<T> made{buffer_pool{}, {.rows = rows.size() + 1, .bytes = 1 << 30}};
  for (const T& row : rows) made.push(row);
  return made.take();
}

/// The rows of a batch; their text lives as long as the batch.
template <record T>
std::vector<T> rows_of(const column_batch& rows) {
  const batch<T> view{rows};
  std::vector<T> made;
  for (std::size_t i = 0; i < view.size(); ++i) made.push_back(view[i]);
  return made;
}

/// Keeps what an operation puts, by port, and resumes it until nothing is left.
class kept_outputs : public outputs {
 public:
  explicit kept_outputs(batch_bounds bounds = {}) : outputs(buffer_pool{}, bounds) {}

  void put(std::size_t port, batch_ptr rows) override {
    if (rows && !rows->empty()) batches_[port].push_back(std::move(rows));
  }
  void resume(operation& of) {
    while (of.resume(*this)) ++resumed_;
  }

  const std::vector<batch_ptr>& batches(std::size_t port = 0) { return batches_[port]; }
  template <record T>
  std::vector<T> rows(std::size_t port = 0) {
    std::vector<T> all;
    for (const auto& b : batches_[port])
      for (const T& row : rows_of<T>(*b)) all.push_back(row);
    return all;
  }
  void clear() { batches_.clear(); }
  /// How often an operation had more to do when it was resumed.
  int resumed() const { return resumed_; }

 private:
  std::map<std::size_t, std::vector<batch_ptr>> batches_;
  int resumed_ = 0;
};

}  // namespace sluice
