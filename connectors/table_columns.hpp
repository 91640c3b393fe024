#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/column_batch.hpp"
#include "sluice/records/result.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// A column of a table in a database, as the database describes it.
struct table_column {
  std::string name;
  std::string type;           ///< As the database names it.
  bool always = false;        ///< NOT NULL, or part of the primary key.
  bool has_default = false;   ///< Filled if it is not named.
  bool is_generated = false;  ///< Cannot be written.
};

/// The types of one kind of database.
struct column_dialect {
  /// What a new column for the field is declared as, without NOT NULL.
  std::string (*declared)(const field_info& field) = nullptr;
  /// Whether a column of `type` can hold every value of the field.
  bool (*holds)(const field_info& field, std::string_view type) = nullptr;
  /// Whether a value of the field that is there may be stored as NULL.
  bool (*may_be_null)(const field_info& field) = nullptr;
};

/// `"name"`, with quotes in it doubled: an identifier of SQL.
std::string quoted_name(std::string_view name);

/// `"id" bigint NOT NULL, "text" text`: what a new table for `fields` is made of.
std::string declared_columns(const schema& fields, const column_dialect& dialect);
/// `"id", "text"`
std::string named_columns(const schema& fields);

/// Whether rows of `fields` can be inserted into a table of these columns; else the error names
/// `place`, the table and the first column that does not fit. Columns the record does not have may
/// be there if they fill themselves.
result<void> check_columns(const std::string& place, const std::string& table, const schema& fields,
                           const std::vector<table_column>& columns, const column_dialect& dialect);

/// Whether the texts of `rows` can be stored: UTF-8 without NUL. The error names field and row.
result<void> check_texts(const column_batch& rows);

/// `field amount, row 3 of a batch: why`
error refused_value(const column_batch& rows, std::size_t c, std::size_t row, std::string_view why);

}  // namespace sluice
