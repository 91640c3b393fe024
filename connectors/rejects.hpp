#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>

#include "sluice/connectors/source.hpp"

namespace sluice {

/// Counts the rows one reader rejects and hands them to the log of its stage.
class rejects {
 public:
  explicit rejects(std::shared_ptr<reject_log> log) : log_(std::move(log)) {}

  /// As `reject_log::reject`. Without a log the row is an error that names its place.
  result<void> reject(std::string_view input, std::uint64_t offset, std::uint64_t line,
                      std::string_view reason, std::string_view text);

  std::uint64_t count() const { return count_; }

  /// As `source_reader::by_epoch`.
  result<std::shared_ptr<epoch_output>> by_epoch(std::size_t instance);

 private:
  std::shared_ptr<reject_log> log_;
  std::uint64_t count_ = 0;
};

}  // namespace sluice
