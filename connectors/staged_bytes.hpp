#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "sluice/connectors/epoch_output.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice {

/// What tells the bytes that were prepared from any others: `BYTES CHECKSUM`.
std::string seal_of(std::uint64_t bytes, std::uint32_t checksum);
std::string seal_of(std::string_view bytes);

/// What one instance writes between two COMMITs: gathered in memory, then in a file nobody looks
/// at, which is made durable under another hidden name when its epoch is prepared.
///
///   BEGIN.GENERATION.NUMBER EXTENSION .writing     while it is being written
class staged_bytes {
 public:
  /// `begin` and `extension` are those of the names it writes under, in `folder`.
  staged_bytes(std::shared_ptr<file_port> folder, std::string begin, std::string extension)
      : folder_(std::move(folder)), begin_(std::move(begin)), extension_(std::move(extension)) {}

  void begin_generation(generation_id generation) { generation_ = generation; }
  /// True if nothing was written since the last `prepare`.
  bool empty() const { return !open_ && buffer_.empty(); }
  /// Where bytes are appended; `written` is called behind them.
  std::string& buffer() { return buffer_; }
  result<void> written() { return buffer_.size() < block ? result<void>{} : hand_over(); }

  /// What was written since the last call: `work` makes it durable under `name` and returns `seal`.
  struct prepared {
    std::string seal;
    prepare_work work;
  };
  /// There must be something. `work` fails, and `seal` is empty, if it cannot be handed over.
  prepared prepare(std::string name);

 private:
  static constexpr std::size_t block = 256 * 1024;  // bytes given to the file at a time

  result<void> hand_over();

  std::shared_ptr<file_port> folder_;
  std::string begin_;
  std::string extension_;
  generation_id generation_;
  std::string buffer_;
  std::shared_ptr<output_port> open_;
  std::string open_name_;
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;  // handed over since the last prepare
  std::uint32_t checksum_ = 0;
};

}  // namespace sluice
