#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "sluice/links/batch_frame.hpp"
#include "sluice/sim/seeded_random.hpp"

namespace sluice::sim {

/// What a simulated connection may do to frames: each once in so many times, 0 for never.
struct link_faults {
  std::uint64_t lost = 4;       ///< A frame under way, when the connection changes.
  std::uint64_t doubled = 8;    ///< A frame of an older connection comes again later.
  std::uint64_t dropped = 200;  ///< A frame is dropped although nothing changes.
};

/// One direction of a link that promises nothing but to carry frames unharmed (docs/protocol.md 5):
/// in order while the connection stays; when it changes, what was under way may vanish, come later,
/// behind or between newer frames, in any order, and more than once. Nobody is told of anything.
class sim_wire {
 public:
  /// `random` outlives the wire.
  sim_wire(const link_faults& faults, seeded_random& random) : faults_(faults), random_(&random) {}

  /// Begins to carry a frame.
  void put(frame_bytes frame);
  /// A frame that arrives now, if any is under way: the next of this connection, or one of an
  /// older.
  std::optional<frame_bytes> take();
  /// The connection changes.
  void reset();
  /// From now on nothing is lost or doubled; what is under way arrives.
  void calm() { faults_ = {0, 0, 0}; }

  /// Frames under way.
  std::size_t size() const { return fresh_.size() + stale_.size(); }

 private:
  bool strikes(std::uint64_t once_in) { return once_in != 0 && random_->once_in(once_in); }

  link_faults faults_;
  seeded_random* random_;
  std::deque<frame_bytes> fresh_;   // of this connection
  std::vector<frame_bytes> stale_;  // of older ones
};

/// Both directions of a link. The connection is one: it changes for both.
struct sim_link {
  sim_wire forth;  ///< Rows and markers.
  sim_wire back;   ///< Grants and resumes.

  sim_link(const link_faults& faults, seeded_random& random)
      : forth(faults, random), back(faults, random) {}
  void reset() {
    forth.reset();
    back.reset();
  }
  void calm() {
    forth.calm();
    back.calm();
  }
};

}  // namespace sluice::sim
