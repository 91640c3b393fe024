#pragma once

#include <cstdint>
#include <optional>

#include "sluice/bench/inputs/checksum.hpp"
#include "sluice/bench/inputs/keyed_rows.hpp"

namespace sluice::bench {

/// The answer of the keyed sum over rows 0 … `rows` - 1 of `input`; nothing if it is not listed.
/// Listed: 1,000,000, 33,554,432 and 100,000,000 rows, found by two independent programs, and
/// 8,388,608, found by one of them; of uniform/100k/opaque also 1,048,576, found by two, and
/// 16,777,216, found by one.
std::optional<answer> keyed_answer(const keyed_input& input, std::uint64_t rows);

}  // namespace sluice::bench
