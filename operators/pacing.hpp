#pragma once

#include <cstddef>
#include <map>
#include <optional>

#include "sluice/records/instant.hpp"

namespace sluice {

/// How far the slowest source with event time has come, so that others may wait for it.
///
/// It is the smallest watermark of the sources that are neither idle nor ended (docs/protocol.md
/// 6.7), and never falls: one that comes back from being idle holds nobody it had let go. While all
/// are idle or ended it stays where it is.
class pacing {
 public:
  /// Source `number` counts from now on, and has read nothing.
  void add(std::size_t number) { sources_.emplace(number, source{}); }
  /// Source `number` has come to `watermark`; `highest` means that it has ended. An `idle` one has
  /// nothing to read and steps aside. Returns how far the slowest has come if that has changed.
  [[nodiscard]] std::optional<instant> reached(std::size_t number, instant watermark, bool idle);

 private:
  struct source {
    instant watermark = instant::lowest();
    bool idle = false;
  };
  std::map<std::size_t, source> sources_;
  instant slowest_ = instant::lowest();
};

}  // namespace sluice
