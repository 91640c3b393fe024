#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "sluice/connectors/row_files.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/connectors/staged_bytes.hpp"
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

/// Rows of one instance of a sink on their way into files that nobody looks at, one a COMMIT epoch
/// (docs/protocol.md D3). In a folder:
///
///   .part-00003.7.2.csv.writing                    being written: generation 7, its 2nd file
///   .part-00003.7.00000000000000000042.csv.staged  epoch 42, durable
///
/// An epoch without rows makes no file.
class staged_rows {
 public:
  staged_rows(std::shared_ptr<file_port> folder, const sink_context& at, row_format format);

  /// Of which generation the rows are that are written from now on.
  void begin(generation_id generation) { bytes_.begin_generation(generation); }
  result<void> write(const column_batch& rows);
  /// What was written since the last call; `seal` is empty, and nothing is to be done, if there
  /// were no rows.
  staged_bytes::prepared prepare(generation_id generation, epoch_id epoch);

 private:
  std::size_t instance_;
  const schema* fields_;
  row_format format_;
  staged_bytes bytes_;
};

}  // namespace sluice
