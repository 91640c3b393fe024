#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/source.hpp"
#include "sluice/records/batch.hpp"

namespace sluice {

class row_filler;

/// Gives every `instances`-th of the rows of `all`, from number `instance` on.
class stored_rows final : public source_reader {
 public:
  stored_rows(batch_ptr all, const source_context& at);
  ~stored_rows() override;

  result<read_batch> read() override;
  read_progress progress() const override;

 private:
  batch_ptr all_;  // null: no rows
  std::unique_ptr<row_filler> out_;
  std::size_t next_;
  std::size_t step_;
};

namespace from {

/// Gives rows that are there already, their text included: row r comes from instance r mod n.
///
///   g.source("words", from::rows<word>{{{"to"}, {"be"}, {"or"}}})
template <record T>
class rows {
 public:
  using record_type = T;

  explicit rows(const std::vector<T>& rows) {
    batch_builder<T> all{buffer_pool{},
                         {.rows = std::max<std::size_t>(rows.size(), 1), .bytes = SIZE_MAX}};
    for (const T& row : rows) all.push(row);
    all_ = all.take();
  }

  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return std::unique_ptr<source_reader>{std::make_unique<stored_rows>(all_, at)};
  }
  std::string describe() const { return std::to_string(all_ ? all_->size() : 0) + " rows"; }

 private:
  batch_ptr all_;
};

}  // namespace from
}  // namespace sluice
