#pragma once

#include <string>
#include <string_view>

#include "sluice/apps/fraud/run_record.hpp"

namespace sluice::fraud {

/// SHA-256 of what came out of a run, as text in an order of its own: the same whatever the
/// batches, markers and instances were. As 64 hex digits each.
struct fingerprints {
  std::string features;   ///< By tx_id, with `feature_text_head`.
  std::string decisions;  ///< By tx_id: answer and reasons.
  std::string alerts;     ///< By tx_id, every field.
  std::string cards;      ///< By day and rank, every field.
  bool operator==(const fingerprints&) const = default;
};

/// The features of the published stream, in one process; `verify` fails where they are not so.
inline constexpr std::string_view features_of_full_stream =
    "087437fb3665b05ce3bf9cd74c439f8e935e5e61ca942a6e21b306552c7a410b";

/// Of a run that kept whole rows.
fingerprints fingerprints_of(const run_record& run);

}  // namespace sluice::fraud
