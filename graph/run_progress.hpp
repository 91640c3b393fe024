#pragma once

#include <cstddef>
#include <string>

#include "sluice/graph/run_position.hpp"

namespace sluice {

/// One line about a run for a person, at most `width` characters wide, with a bar in front where
/// the size of the input is known and there is room:
///
///   53 % ▇▇▇▇▇▇▁▁▁▁  1,234,567 rows  1.23 M rows/s  0:12 left  epoch 12
std::string progress_line(const run_position& at, double rows_per_second, bool with_bar,
                          std::size_t width);

/// One line of JSON about an epoch that has been worked off, `elapsed_ms` after the start. What is
/// not known is null.
///
///   {"epoch":12,"elapsed_ms":12003,"rows":1234567,"rejected_rows":0,"rows_per_second":1230000,"part_read":0.53,
///    "queued_rows":8192,"lowest_credit_rows":57344,"watermark":"2018-04-01T00:00:00Z","state_keys":5000,
///    "state_bytes":1376256}
std::string progress_json(epoch_id epoch, std::uint64_t elapsed_ms, const run_position& at,
                          double rows_per_second);

}  // namespace sluice
