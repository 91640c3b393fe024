#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sluice/messages/checkpoint.hpp"

namespace sluice {

/// The coordinator's rules of what is durable before what (docs/protocol.md E5, E6, D4, I10):
/// gathers the answers of everybody who remembers something, and says when an epoch may be sealed.
/// Pure. One object a generation, so an answer of another generation never reaches it (I8).
///
///   opened(e) … answered(e, who, snapshot) … next_to_seal() → put_commit → sealed(e)
///
/// Epochs are sealed in order, one write at a time. Whoever has ended answers for no later epoch:
/// its last snapshot stands in every later manifest.
class checkpoint_tracker {
 public:
  /// Number of those who answer; they are numbered from 0 in the order they have in a manifest.
  checkpoint_tracker(generation_id generation, std::size_t participants);

  /// A COMMIT epoch has been opened.
  void opened(epoch_id epoch);
  /// `who` has answered for `epoch` (E5). Asserts that nobody answers twice or for an epoch that is
  /// not open.
  void answered(epoch_id epoch, std::size_t who, instance_snapshot snapshot);
  /// The manifest to be sealed now, if the oldest open epoch is complete and no write is under way.
  /// Given out once.
  [[nodiscard]] std::optional<manifest> next_to_seal();
  /// The commit record of the manifest given out last is durable: the sinks may be told.
  void sealed();

  /// Who has not answered for the oldest open epoch.
  std::vector<std::size_t> missing() const;
  /// A manifest was given out to be sealed, and is not yet.
  bool sealing() const { return writing_; }
  epoch_id last_sealed() const { return sealed_; }

 private:
  struct open_epoch {
    std::vector<std::optional<instance_snapshot>> answers;
  };
  struct last_answer {
    epoch_id epoch;
    instance_snapshot snapshot;
  };
  const instance_snapshot* answer(epoch_id epoch, std::size_t who) const;

  generation_id generation_;
  std::map<epoch_id, open_epoch> open_;
  std::vector<std::optional<last_answer>> ended_;
  bool writing_ = false;
  epoch_id sealed_;
};

}  // namespace sluice
