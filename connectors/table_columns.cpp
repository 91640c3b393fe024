#include "sluice/connectors/table_columns.hpp"

#include <algorithm>

#include "sluice/records/utf8.hpp"

namespace sluice {

std::string quoted_name(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string declared_columns(const schema& fields, const column_dialect& dialect) {
  std::string text;
  for (const field_info& field : fields.fields) {
    text += (text.empty() ? "" : ", ") + quoted_name(field.name) + ' ' + dialect.declared(field);
    if (!field.optional && !dialect.may_be_null(field)) text += " NOT NULL";
  }
  return text;
}

std::string named_columns(const schema& fields) {
  std::string text;
  for (const field_info& field : fields.fields)
    text += (text.empty() ? "" : ", ") + quoted_name(field.name);
  return text;
}

result<void> check_columns(const std::string& place, const std::string& table, const schema& fields,
                           const std::vector<table_column>& columns,
                           const column_dialect& dialect) {
  const std::string where = "table " + table + " of " + place + ' ';
  const auto wrong = [&](const std::string& why) { return error{error_code::failed, where + why}; };
  for (const field_info& field : fields.fields) {
    const auto found = std::find_if(columns.begin(), columns.end(),
                                    [&](const auto& column) { return column.name == field.name; });
    const std::string name{field.name};
    if (found == columns.end()) return wrong("has no column for the field " + name);
    if (found->is_generated) return wrong("computes the column " + name + " itself");
    if (!dialect.holds(field, found->type))
      return wrong("has a column " + name + " of type " + found->type + ", but the field is " +
                   std::string{to_string(field.type)} + " and needs " + dialect.declared(field));
    if (found->always && (field.optional || dialect.may_be_null(field)))
      return wrong("has a column " + name + " that is NOT NULL, but the field may be absent");
  }
  for (const table_column& column : columns)
    if (fields.find(column.name) == fields.fields.size() && column.always && !column.has_default &&
        !column.is_generated)
      return wrong("has a column " + column.name + " that must have a value, but the record " +
                   std::string{fields.name} + " has no such field");
  return {};
}

error refused_value(const column_batch& rows, std::size_t c, std::size_t row,
                    std::string_view why) {
  return {error_code::failed,
          "cannot be stored: field " + std::string{rows.fields().fields[c].name} + ": " +
              std::string{why} + ", in row " + std::to_string(row) + " of a batch"};
}

result<void> check_texts(const column_batch& rows) {
  for (std::size_t c = 0; c < rows.fields().fields.size(); ++c) {
    if (rows.fields().fields[c].type != column_type::text) continue;
    for (std::size_t row = 0; row < rows.size(); ++row)
      if (rows.valid(c, row))
        if (const auto why = text_problem(rows.text_at(c, row)); !why.empty())
          return refused_value(rows, c, row, why);
  }
  return {};
}

}  // namespace sluice
