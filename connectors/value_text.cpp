#include "sluice/connectors/value_text.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>
#include <type_traits>

#include "sluice/records/assert.hpp"
#include "sluice/records/instant.hpp"
#include "sluice/records/utf8.hpp"

namespace sluice {

namespace {

template <class V>
struct value_type {
  using type = V;
};

// Calls `f` with the C++ type of a column of `type`, which is not text.
template <class F>
auto with_type(column_type type, F&& f) {
  switch (type) {
    case column_type::boolean:
      return f(value_type<bool>{});
    case column_type::int8:
      return f(value_type<std::int8_t>{});
    case column_type::int16:
      return f(value_type<std::int16_t>{});
    case column_type::int32:
      return f(value_type<std::int32_t>{});
    case column_type::int64:
      return f(value_type<std::int64_t>{});
    case column_type::uint8:
      return f(value_type<std::uint8_t>{});
    case column_type::uint16:
      return f(value_type<std::uint16_t>{});
    case column_type::uint32:
      return f(value_type<std::uint32_t>{});
    case column_type::uint64:
      return f(value_type<std::uint64_t>{});
    case column_type::float32:
      return f(value_type<float>{});
    case column_type::float64:
      return f(value_type<double>{});
    case column_type::instant:
      return f(value_type<instant>{});
    case column_type::text:
      break;
  }
  SLUICE_ASSERT(type != column_type::text, "text is not handled as a fixed-size value");
  return f(value_type<std::int64_t>{});
}

std::string_view read(std::string_view text, bool& value) {
  value = text == "true" || text == "1";
  return value || text == "false" || text == "0" ? "" : "not true, false, 1 or 0";
}

std::string_view read(std::string_view text, instant& value) {
  return parse(text, value) ? "" : "not a time";
}

template <class V>
std::string_view read(std::string_view text, V& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range && end == text.data() + text.size())
    return "out of range";
  if (error != std::errc{} || end != text.data() + text.size())
    return std::is_integral_v<V> ? "not a whole number" : "not a number";
  if constexpr (std::is_floating_point_v<V>)
    if (std::isnan(value) && text.ends_with(')')) return "not a number";  // nan(payload)
  return {};
}

template <class V>
void append_number(std::string& out, V value) {
  char text[40];
  char* const end = text + sizeof text;
  if constexpr (std::is_floating_point_v<V>) {
    // The library would write 100000 as 1e+05.
    const V size = std::abs(value);
    if (size >= V(1e-5) && size < V(1e15)) {
      out.append(text, std::to_chars(text, end, value, std::chars_format::fixed).ptr);
      return;
    }
  }
  out.append(text, std::to_chars(text, end, value).ptr);
}

}  // namespace

std::string_view read_value(column_type type, std::string_view text, column_batch& to,
                            std::size_t c, std::size_t row) {
  if (type == column_type::text) {
    to.set_text(c, row, text);
    return text_problem(text);
  }
  return with_type(type, [&]<class V>(value_type<V>) { return read(text, to.values<V>(c)[row]); });
}

void write_absent(column_batch& to, std::size_t c, std::size_t row) {
  to.set_valid(c, row, /*there=*/false);
  const column_type type = to.fields().fields[c].type;
  if (type == column_type::text) return to.set_text(c, row, {});
  with_type(type, [&]<class V>(value_type<V>) { to.values<V>(c)[row] = V{}; });
}

void append_value(std::string& out, const column_batch& from, std::size_t c, std::size_t row) {
  with_type(from.fields().fields[c].type, [&]<class V>(value_type<V>) {
    const V value = from.values<V>(c)[row];
    if constexpr (std::is_same_v<V, bool>) {
      out += value ? "true" : "false";
    } else if constexpr (std::is_same_v<V, instant>) {
      out += to_string(value);
    } else {
      append_number(out, value);
    }
  });
}

bool is_not_finite(const column_batch& from, std::size_t c, std::size_t row) {
  const column_type type = from.fields().fields[c].type;
  if (type == column_type::float32) return !std::isfinite(from.values<float>(c)[row]);
  if (type == column_type::float64) return !std::isfinite(from.values<double>(c)[row]);
  return false;
}

}  // namespace sluice
