#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "sluice/messages/credit.hpp"

namespace sluice {

/// The sender's end of a channel's credit: how far it may go (docs/protocol.md L4, L9, L11). Opens
/// with limit 0.
class credit_window {
 public:
  /// True if a batch of that size may be sent now.
  bool admits(std::uint64_t rows, std::uint64_t bytes) const {
    return sent_.rows + rows <= limit_.rows && sent_.bytes + bytes <= limit_.bytes;
  }
  /// Takes the room for a batch that was admitted.
  void spend(std::uint64_t rows, std::uint64_t bytes);
  /// Raises the limit; an older grant changes nothing.
  void raise(const credit& limit);

  /// Rows sent and not yet reported consumed by a grant of a window of `window` rows.
  std::uint64_t under_way(std::uint64_t window) const {
    return sent_.rows + window - std::max(limit_.rows, window);
  }
  std::uint64_t rows_left() const { return limit_.rows - sent_.rows; }
  std::uint64_t bytes_left() const { return limit_.bytes - sent_.bytes; }

 private:
  credit sent_;
  credit limit_;
};

/// The receiver's end: counts what arrives and what is consumed, and says when to grant. The window
/// bounds what can be under way or queued at any moment, in rows and in bytes (I7, I9).
class credit_ledger {
 public:
  /// `window` must hold the largest batch, in rows and in bytes.
  explicit credit_ledger(credit window) : window_(window) {}

  /// The first grant: the whole window.
  credit open();
  /// Counts a batch that arrived; asserts that it was within the granted limit.
  void arrived(std::uint64_t rows, std::uint64_t bytes);
  /// Counts a batch as consumed. Returns a grant if a quarter of the window has been consumed since
  /// the last one.
  [[nodiscard]] std::optional<credit> consumed(std::uint64_t rows, std::uint64_t bytes);
  /// The receiver has nothing else to do: returns what is still to be granted if nothing is queued,
  /// so that a quiet channel always holds its whole window and any batch that fits it can come.
  [[nodiscard]] std::optional<credit> quiet();

  std::uint64_t queued_rows() const { return arrived_.rows - consumed_.rows; }
  std::uint64_t queued_bytes() const { return arrived_.bytes - consumed_.bytes; }
  /// What the sender may still send, as far as the receiver knows: what is under way has not left.
  credit credit_left() const {
    return {granted_.rows - arrived_.rows, granted_.bytes - arrived_.bytes};
  }
  /// The most rows and bytes ever queued.
  credit most_queued() const { return most_; }
  credit window() const { return window_; }

 private:
  credit window_;
  credit arrived_;
  credit consumed_;
  credit granted_;
  credit most_;
};

}  // namespace sluice
