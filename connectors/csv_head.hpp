#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "sluice/connectors/csv_options.hpp"
#include "sluice/connectors/input_window.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// What stands in the columns of a file.
struct csv_head {
  /// In `fields`: the column is no field of the record.
  static constexpr std::size_t none = std::numeric_limits<std::size_t>::max();

  std::vector<std::size_t> fields;  ///< Number of the record's field, one a column.
  std::uint64_t lines = 0;          ///< Taken by the head.
};

/// Reads and uses up the head line of the file `name`; without one the columns are the fields of
/// the record in order. Errors: columns that are missing, unknown or there twice, by name.
result<csv_head> read_csv_head(input_window& in, const std::string& name, const schema& fields,
                               const csv_options& options);

}  // namespace sluice
