#pragma once

#include "sluice/messages/ids.hpp"
#include "sluice/records/instant.hpp"

namespace sluice {

/// The end of an epoch, in band with the rows (docs/protocol.md 6.1). Every marker tells
/// the stages to flush.
struct marker {
  epoch_id epoch;
  bool commit = false;  ///< Aligns the inputs of a stage; its epoch is committed by the sinks.
  bool end = false;     ///< The last marker of its channel; always a commit too.
  bool idle = false;    ///< The input has nothing to read and steps out of the watermark's minimum.
  /// No row behind this marker on its channel has an event time at or before it; never falls.
  instant watermark = instant::lowest();

  bool operator==(const marker&) const = default;
};

}  // namespace sluice
