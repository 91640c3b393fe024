#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

enum class statement_kind : std::uint8_t { table, table_array, pair };

/// One table head or one `key = value` of a configuration file, found without understanding it.
struct statement {
  statement_kind kind{};
  std::vector<std::string> path;  ///< whole path; of a pair below a table, with the table's
  std::size_t table_depth = 0;    ///< parts of `path` that come from the table head above a pair
  std::uint32_t line = 0;         ///< where it begins, lines and columns from 1
  std::uint32_t column = 0;
  std::uint32_t last_line = 0;  ///< differs from `line` where a value spans lines
  std::string_view text;        ///< first line from the key on, to its end
  std::string_view value;       ///< what stands behind `=` in the first line; empty for a head
  bool has_equals = false;
  bool odd_key = false;  ///< a part is empty, or has characters that need quotes

  bool head() const { return kind != statement_kind::pair; }
};

/// Returns the statements of `text` in order.
///
/// Exists for what the TOML parser does not tell: where a key was set first, how far a broken
/// statement reaches. It takes any text, right or wrong, and views it.
std::vector<statement> scan_statements(std::string_view text);

/// Returns the statement that covers `line`, or null.
const statement* statement_at(const std::vector<statement>& statements, std::uint32_t line);

/// Returns the earlier statement that `later` repeats or contradicts, or null: the same key or
/// table twice, a table that is already a value, a value that is already a table.
const statement* contradicted_by(const std::vector<statement>& statements, const statement& later);

}  // namespace sluice
