#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sluice/messages/ids.hpp"

namespace sluice {

/// A file of the checkpoint directory, as its writer left it (docs/protocol.md D2).
struct blob_ref {
  std::string name;            ///< Within the directory; holds generation, epoch, stage, instance.
  std::uint64_t bytes = 0;     ///< Of the whole file.
  std::uint32_t checksum = 0;  ///< CRC32C of the whole file.

  bool operator==(const blob_ref&) const = default;
};

/// What one instance of a stage answers for a COMMIT epoch: where its state is, durably
/// (docs/protocol.md E5).
struct instance_snapshot {
  std::string stage;
  std::uint32_t instance = 0;
  /// True once END has passed the instance: it answers for no later epoch, this stays valid.
  bool ended = false;
  /// State that is small enough to travel with the answer and to lie in the commit record.
  std::string state;
  /// State in files: a base, then what changed, in the order in which they are to be read.
  std::vector<blob_ref> blobs;
  epoch_id epoch{};  ///< The one it answers for.

  bool operator==(const instance_snapshot&) const = default;
};

/// What a sealed epoch consists of: enough to go on from it and nothing else (docs/protocol.md E6).
struct manifest {
  generation_id generation;  ///< The one that sealed it.
  epoch_id epoch;
  bool end = false;                          ///< Every source had ended: the run is finished.
  std::vector<instance_snapshot> instances;  ///< By stage, then by instance.

  bool operator==(const manifest&) const = default;
};

}  // namespace sluice
