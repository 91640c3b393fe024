#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sluice/connectors/byte_log.hpp"
#include "sluice/connectors/byte_source.hpp"
#include "sluice/connectors/input_files.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice {

/// Bytes from a source that cannot be read again, by way of a log: first what the log holds, then
/// what comes, which is in the log before it is given out. Offsets are those of the log.
///
/// Behind a connection that was lost within a line the log has `lost_within_line`: what there is of
/// the line is a bad row, and the next connection begins a line of its own.
class logged_bytes final : public byte_source {
 public:
  using connect_function = std::function<result<std::unique_ptr<byte_source>>()>;
  static const std::string lost_within_line;

  /// Connects, unless the log says that nothing will follow.
  static result<std::unique_ptr<logged_bytes>> open(std::shared_ptr<byte_log> log,
                                                    const connect_function& connect);

  result<bytes_read> read(std::span<char> room) override;
  result<void> seek(std::uint64_t offset) override;
  bool verified() const override { return true; }
  int descriptor() const override { return live_ ? live_->descriptor() : -1; }

 private:
  explicit logged_bytes(std::shared_ptr<byte_log> log) : log_(std::move(log)), at_(log_->begin()) {}

  std::shared_ptr<byte_log> log_;
  std::uint64_t at_;
  std::unique_ptr<byte_source> live_;  // null if nothing will follow
};

/// Makes of `reader`, which reads the bytes of `log`, one that collects the log: what lies before
/// the older of the last two committed epochs goes.
std::unique_ptr<source_reader> collect_log(std::unique_ptr<source_reader> reader,
                                           std::shared_ptr<byte_log> log,
                                           std::shared_ptr<file_port> removing);

}  // namespace sluice
