#pragma once

#include <cstdint>
#include <string>

namespace sluice::sim {

/// What a simulated link is put through, drawn from the seed.
struct link_run {
  std::string problem;       ///< What was broken first; empty if all is well.
  std::uint64_t trace = 0;   ///< Hash of everything that happened.
  std::uint64_t frames = 0;  ///< That were written, again or for the first time.
  std::uint64_t resets = 0;  ///< Changes of the connection.
  std::uint64_t resent = 0;  ///< Frames written again.

  bool operator==(const link_run&) const = default;
};

/// How large a run is.
struct link_size {
  std::uint64_t items = 200;  ///< Batches and markers on every channel, in the last generation.
  std::uint64_t rolls = 3;    ///< Most rollbacks.
};

/// Sends random batches and markers through real frames over one to four channels of a link that
/// breaks, doubles, reorders and drops; windows of one batch and more, timers too early,
/// generations that change one end at a time. After every step I7, I9 and "the consumed sequence is
/// the sent one"; at the end everything is delivered and all credit is back. Resumes that would ask
/// for more than was sent abort.
link_run run_link(std::uint64_t seed, const link_size& size = {});

}  // namespace sluice::sim
