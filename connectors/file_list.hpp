#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/connectors/source.hpp"

namespace sluice {

class file_reject_log;

/// What every connector that reads files holds: their paths and, if it has one of its own, the log
/// of its bad rows. Copies share the log.
class file_list {
 public:
  file_list(std::vector<std::string> paths, const std::string& reject_file);

  const std::vector<std::string>& paths() const { return paths_; }

  /// Every `instances`-th path, from number `instance` on.
  std::vector<std::string> share_of(const source_context& at) const;

  /// The log of this connector; null if it has none of its own.
  std::shared_ptr<reject_log> rejects() const;
  /// `at`, with the log of this connector if it has one.
  source_context with_rejects(source_context at) const;

  /// `csv file, a.csv` or `csv files, a.csv and 2 more`.
  std::string describe(std::string_view kind) const;

 private:
  std::vector<std::string> paths_;
  std::shared_ptr<file_reject_log> rejects_;
};

}  // namespace sluice
