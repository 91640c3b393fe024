#include "sluice/operators/key_columns.hpp"

#include "sluice/records/assert.hpp"
#include "sluice/records/hash.hpp"

namespace sluice {

namespace {

// Calls `f(values)` with the column's values as a typed pointer.
template <class F>
void with_integers(const column_batch& rows, std::size_t c, F&& f) {
  switch (rows.fields().fields[c].type) {
    case column_type::boolean:
    case column_type::uint8:
      return f(rows.values<std::uint8_t>(c));
    case column_type::uint16:
      return f(rows.values<std::uint16_t>(c));
    case column_type::uint32:
      return f(rows.values<std::uint32_t>(c));
    case column_type::uint64:
      return f(rows.values<std::uint64_t>(c));
    case column_type::int8:
      return f(rows.values<std::int8_t>(c));
    case column_type::int16:
      return f(rows.values<std::int16_t>(c));
    case column_type::int32:
      return f(rows.values<std::int32_t>(c));
    case column_type::int64:
    case column_type::instant:
      return f(rows.values<std::int64_t>(c));
    default:
      SLUICE_ASSERT(false, "keys are integers or text");
  }
}

}  // namespace

void key_columns::hash(const column_batch& rows, std::span<std::uint64_t> out) const {
  for (std::size_t k = 0; k < columns_.size(); ++k) {
    const std::size_t c = columns_[k];
    const bool first = k == 0;
    if (rows.fields().fields[c].type == column_type::text) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::uint64_t h = hash_key(rows.text_at(c, i));
        out[i] = first ? h : combine_hashes(out[i], h);
      }
    } else {
      with_integers(rows, c, [&](const auto* values) {
        for (std::size_t i = 0; i < rows.size(); ++i) {
          const std::uint64_t h = hash_key(static_cast<std::uint64_t>(values[i]));
          out[i] = first ? h : combine_hashes(out[i], h);
        }
      });
    }
  }
}

std::string key_columns::names(const schema& fields) const {
  std::string joined;
  for (const std::size_t c : columns_) {
    if (!joined.empty()) joined += ", ";
    joined += fields.fields[c].name;
  }
  return joined;
}

std::uint64_t widened(const column_batch& rows, std::size_t column, std::size_t row) {
  std::uint64_t value = 0;
  with_integers(rows, column,
                [&](const auto* values) { value = static_cast<std::uint64_t>(values[row]); });
  return value;
}

void widen(const column_batch& rows, std::size_t column, std::span<std::uint64_t> out) {
  with_integers(rows, column, [&](const auto* values) {
    for (std::size_t i = 0; i < rows.size(); ++i) out[i] = static_cast<std::uint64_t>(values[i]);
  });
}

}  // namespace sluice
