#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "sluice/actors/work_queue.hpp"
#include "sluice/messages/checkpoint.hpp"
#include "sluice/operators/snapshot_chain.hpp"
#include "sluice/state/meta_store.hpp"

namespace sluice {

/// What the actors of a run with checkpoints have in common (docs/protocol.md 7). The functions are
/// called in works of the queue only.
struct durability {
  generation_id generation;
  epoch_id first_after;       ///< The first epoch of the generation has the next number.
  epoch_id reserved_to;       ///< Numbers that may be used before the first commit record.
  std::uint64_t numbers = 0;  ///< Reserved by every write.
  std::shared_ptr<work_queue> queue;
  std::shared_ptr<meta_store> store;
  /// Makes a file of a snapshot (D2).
  std::function<result<blob_ref>(const std::string& stage, std::size_t instance, epoch_id epoch,
                                 const snapshot_chain::file_content& content)>
      write_file;
  /// The commit record waits, and for what; empty: no longer. Called by the coordinator, on any
  /// thread.
  std::function<void(const std::string& why)> on_wait;
  /// A commit record is durable: shows the rows that sources have rejected up to it. Null: nothing
  /// is shown so.
  std::function<result<void>(const manifest&)> show_rejected;
  /// A commit record is durable: what no manifest reaches any more may go (D6).
  std::function<void(const meta_truth&)> collect;
};

}  // namespace sluice
