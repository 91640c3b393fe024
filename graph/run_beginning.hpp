#pragma once

#include <cstdint>

#include "sluice/messages/ids.hpp"

namespace sluice {

/// Where a run with checkpoints begins (`run --from`).
struct run_beginning {
  enum class kind : std::uint8_t {
    last,   ///< Behind the last sealed epoch; from the start if there is none.
    epoch,  ///< Behind `epoch`, which is one of the two that are kept.
    none,   ///< From the start, though a run that has ended is kept.
  } at = kind::last;
  epoch_id epoch{};

  bool operator==(const run_beginning&) const = default;
};

}  // namespace sluice
