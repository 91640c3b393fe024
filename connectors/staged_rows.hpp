#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/connectors/row_files.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/state/file_port.hpp"

namespace sluice {

/// A name in a folder of committed or staged rows, taken apart.
struct staged_name {
  enum class kind { writing, staged, committed } is = kind::writing;
  std::uint64_t instance = 0;
  std::uint64_t generation = 0;
  std::uint64_t epoch = 0;

  /// What `name` says; nothing if it is not one of ours. `extension` is that of the row format.
  static std::optional<staged_name> read(std::string_view name, std::string_view extension);
};

/// `.part-00003.7.00000000000000000042.csv.staged`
std::string staged_file(std::size_t instance, generation_id generation, epoch_id epoch,
                        std::string_view extension);
/// `part-00003.00000000000000000042.csv`
std::string committed_file(std::size_t instance, epoch_id epoch, std::string_view extension);

/// What tells the bytes that were prepared from any others: their number and checksum.
std::string seal_of(std::uint64_t bytes, std::uint32_t checksum);

/// Rows of one instance of a sink on their way into files that nobody looks at, one a COMMIT epoch
/// (docs/protocol.md D3). In a folder:
///
///   .part-00003.7.2.csv.writing                    being written: generation 7, its 2nd file
///   .part-00003.7.00000000000000000042.csv.staged  epoch 42, durable
///
/// An epoch without rows makes no file.
class staged_rows {
 public:
  staged_rows(std::shared_ptr<file_port> folder, const sink_context& at, row_format format)
      : folder_(std::move(folder)), at_(at), format_(format) {}

  /// Of which generation the rows are that are written from now on.
  void begin(generation_id generation) { generation_ = generation; }
  result<void> write(const column_batch& rows);

  /// What was written since the last call: `work` makes it durable and returns `seal`, which is
  /// empty if there were no rows.
  struct prepared {
    std::string seal;
    prepare_work work;
  };
  prepared prepare(generation_id generation, epoch_id epoch);

 private:
  result<void> hand_over();

  std::shared_ptr<file_port> folder_;
  sink_context at_;
  row_format format_;
  generation_id generation_;
  std::string buffer_;
  std::shared_ptr<output_port> open_;
  std::string open_name_;
  std::uint64_t files_ = 0;
  std::uint64_t bytes_ = 0;  // handed over for this epoch
  std::uint32_t checksum_ = 0;
};

}  // namespace sluice
