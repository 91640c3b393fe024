#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "sluice/connectors/line_rows.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// Lines that are JSON objects with the fields of `fields` by name; the rules: `from::json_lines`.
std::unique_ptr<line_format> json_objects(const schema& fields);

/// Appends row `row` of `rows` as such a line, with its end.
void append_json_row(std::string& out, const column_batch& rows, std::size_t row);

}  // namespace sluice
