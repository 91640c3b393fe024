#pragma once

#include <memory>

#include "sluice/connectors/line_rows.hpp"
#include "sluice/records/schema.hpp"

namespace sluice {

/// Lines that are JSON objects with the fields of `fields` by name; the rules: `from::json_lines`.
std::unique_ptr<line_format> json_objects(const schema& fields);

}  // namespace sluice
