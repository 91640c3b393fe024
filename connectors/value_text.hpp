#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "sluice/records/column_batch.hpp"

namespace sluice {

/// Reads `text` as a value of `type` into row `row` of column `c`. Returns nothing if it is one,
/// the reason if not.
///
///   integers      decimal, `-` or nothing in front, within the range of the type
///   float32/64    as std::from_chars reads them, `NaN`, `Inf` and `Infinity` with or without `-`
///                 and in any case included; a number too large or too small to hold is out of
///                 range
///   boolean       true, false, 1, 0
///   instant       `2018-04-01T12:00:00.5Z` as records/instant.hpp reads it, or whole µs since 1970
///   text          UTF-8 without NUL
std::string_view read_value(column_type type, std::string_view text, column_batch& to,
                            std::size_t c, std::size_t row);

/// Writes what stands for an absent value: absent, and zero or empty text underneath. The field
/// must be optional.
void write_absent(column_batch& to, std::size_t c, std::size_t row);

/// Appends the value, which must be there and no text, in the form `read_value` reads back exactly:
/// floating-point numbers with as few digits as possible, and with an exponent only below 1e-5 and
/// from 1e15 on.
void append_value(std::string& out, const column_batch& from, std::size_t c, std::size_t row);

/// True if the value is a floating-point number that is infinite or none.
bool is_not_finite(const column_batch& from, std::size_t c, std::size_t row);

}  // namespace sluice
