#include "sluice/records/schema.hpp"

#include <utility>

namespace sluice {

std::string_view to_string(column_type type) {
  switch (type) {
    case column_type::boolean:
      return "bool";
    case column_type::int8:
      return "int8";
    case column_type::int16:
      return "int16";
    case column_type::int32:
      return "int32";
    case column_type::int64:
      return "int64";
    case column_type::uint8:
      return "uint8";
    case column_type::uint16:
      return "uint16";
    case column_type::uint32:
      return "uint32";
    case column_type::uint64:
      return "uint64";
    case column_type::float32:
      return "float32";
    case column_type::float64:
      return "float64";
    case column_type::instant:
      return "instant";
    case column_type::text:
      return "text";
  }
  return "?";
}

schema::schema(std::string_view record, std::vector<field_info> columns)
    : name(record), fields(std::move(columns)) {
  for (const auto& field : fields) {
    row_bytes += width(field.type);
    texts += field.type == column_type::text ? 1 : 0;
  }
}

std::size_t schema::find(std::string_view field) const {
  std::size_t i = 0;
  while (i < fields.size() && fields[i].name != field) ++i;
  return i;
}

}  // namespace sluice
