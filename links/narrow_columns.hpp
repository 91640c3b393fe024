#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "sluice/records/schema.hpp"

namespace sluice {

/// Integer columns whose values lie close together, as frames carry them:
///
///   | least value, 64 bits | for each row how far it is above, 1, 2 or 4 bytes |
///
/// Both forms of a column differ in size, so its declared size says which one it is: the short one
/// is used only where it is the shorter.
struct narrow_form {
  std::size_t width = 0;    ///< Bytes a row; 0: sent as they are.
  std::uint64_t least = 0;  ///< Widened by value.

  std::size_t bytes(std::size_t rows) const { return sizeof least + rows * width; }
};

/// The shortest form of `rows` values of `type` at `values`. Looks at a few of
/// them first, so values that lie far apart cost next to nothing.
narrow_form shortest_form(column_type type, const std::byte* values, std::size_t rows);

/// Writes `form.bytes(rows)` bytes to `to`, which is 8-byte aligned.
void write_narrow(column_type type, const std::byte* values, std::size_t rows,
                  const narrow_form& form, char* to);

/// Bytes a row of a column of `type` that takes `bytes` bytes in a frame; 0 if that is no short
/// form of it.
std::size_t narrow_width(column_type type, std::size_t rows, std::size_t bytes);
/// What is wrong with a column in its short form; empty if nothing is. `part` may lie anywhere.
std::string_view fault_of_narrow(column_type type, std::string_view part);
/// Writes the values of `part`, which `fault_of_narrow` found nothing wrong with, to `to`. A value
/// beyond the type's largest counts on from its smallest.
void read_narrow(column_type type, std::string_view part, std::size_t rows, std::byte* to);

}  // namespace sluice
