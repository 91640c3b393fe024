#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "sluice/links/narrow_columns.hpp"
#include "sluice/records/column_batch.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// A piece of a column as a frame carries it: validity, values or text.
struct column_part {
  const std::byte* from = nullptr;
  std::size_t bytes = 0;
  unsigned spare_bits = 0;               ///< At the top of its last byte, that belong to no row.
  column_type type = column_type::text;  ///< Of values.
  narrow_form form{};                    ///< How they are sent; `bytes` are those of the form.

  /// Bytes it takes in a frame: the next part begins at a multiple of 64.
  std::size_t padded() const { return (bytes + 63) / 64 * 64; }
};

/// The parts of `rows` in the order of a frame: of each column its validity if the field is
/// optional, its values or ends, its text if it has any. They point into the batch.
std::vector<column_part> parts_of(const column_batch& rows);

/// Gives integer columns their short form if that makes all parts of the `rows` rows shorter by a
/// quarter; true if so. A few rows are left as they are: there other things cost more.
bool narrow(std::vector<column_part>& parts, std::size_t rows);

/// Writes a part as it is sent to `to`, without padding.
void write_part(const column_part& part, std::size_t rows, char* to);

/// True if parts as long as `part_bytes` says lie as the columns of a full batch of `rows` rows do:
/// none is in a short form.
bool lie_as_in_a_batch(std::span<const std::uint32_t> part_bytes, const schema& fields,
                       std::size_t rows);

/// Copies the columns of `payload`, in which `check_columns` found nothing wrong, into `to`, which
/// has room for its rows and texts and no more.
void copy_columns(std::string_view payload, std::span<const std::uint32_t> part_bytes,
                  column_batch& to);

/// Checks that `payload` holds `rows` rows of `fields` in parts as long as `part_bytes` says.
/// Returns the bytes of text of every column (0 where there is none); else an error, `malformed`,
/// that names the column. `payload` may lie at any address.
result<std::vector<std::uint32_t>> check_columns(std::string_view payload,
                                                 std::span<const std::uint32_t> part_bytes,
                                                 const schema& fields, std::size_t rows);

}  // namespace sluice
