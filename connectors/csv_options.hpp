#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "sluice/records/column_batch.hpp"

namespace sluice {

enum class head_line { present, absent };
enum class extra_columns { refused, ignored };

/// How a CSV file is read.
struct csv_options {
  /// With a head line the columns stand in any order; without one, in that of the record's fields.
  head_line head = head_line::present;
  char separator = ',';  ///< Any ASCII character but quote, CR, LF.
  /// Columns of the file that are no field of the record.
  extra_columns extra = extra_columns::refused;
  std::size_t max_field = 1 << 20;  ///< Bytes; a longer field makes its row a bad one.
  std::size_t max_row = 16 << 20;   ///< Bytes; so does a longer row.
  /// Where bad rows go, instead of where the graph puts them; see `file_reject_log`.
  std::string reject_file = {};
};

/// Returns why row `row`, the last of `rows`, is no row of its input although every field of it can
/// be read; the empty text if it is one.
using row_check = std::function<std::string_view(const column_batch& rows, std::size_t row)>;

}  // namespace sluice
