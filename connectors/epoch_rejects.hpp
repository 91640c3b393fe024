#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/connectors/epoch_file.hpp"
#include "sluice/connectors/epoch_output.hpp"
#include "sluice/connectors/source.hpp"
#include "sluice/connectors/staged_bytes.hpp"

namespace sluice {

/// The rejected rows of one instance in a run with checkpoints. They wait beside the file until
/// their epoch is decided; then the process of the coordinator appends them (`epoch_file::append`).
class epoch_rejects final : public reject_log, public epoch_output {
 public:
  /// `total` counts the rows of all instances of this process.
  epoch_rejects(std::shared_ptr<epoch_file> file, std::string stage, std::size_t instance,
                std::shared_ptr<std::atomic<std::uint64_t>> total);

  result<void> reject(std::string_view input, std::uint64_t offset, std::uint64_t line,
                      std::string_view reason, std::string_view text) override;
  std::uint64_t count() const override { return *total_; }

  void begin_generation(generation_id generation) override { rows_.begin_generation(generation); }
  prepare_work prepare(generation_id generation, epoch_id epoch) override;
  commit_work decided(epoch_id) override { return {}; }

 private:
  std::shared_ptr<epoch_file> file_;
  std::string stage_;
  std::size_t instance_;
  std::shared_ptr<std::atomic<std::uint64_t>> total_;
  staged_bytes rows_;
};

}  // namespace sluice
