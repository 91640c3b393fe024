#pragma once

#include <string>

#include "sluice/bench/inputs/checksum.hpp"

namespace sluice::bench {

/// What the CSV files of totals in `folder` come to: the last total of every key. Throws
/// `std::runtime_error` where a count does not grow from one total of its key to the next (a row
/// was lost or came twice), or a line is no total. `warm`: one row of value 0 was counted of every
/// key.
answer folded_totals(const std::string& folder, bool warm);

/// The answer of so many passes over the rows that give `one`.
answer times(const answer& one, std::uint64_t passes);

}  // namespace sluice::bench
