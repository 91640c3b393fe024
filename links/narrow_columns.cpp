#include "sluice/links/narrow_columns.hpp"

#include <algorithm>
#include <cstring>
#include <type_traits>

namespace sluice {

namespace {

// Calls `f(V{})` with the type of an integer column of more than a byte; else returns `otherwise`.
template <class R, class F>
R with_wide_integer(column_type type, R otherwise, F&& f) {
  switch (type) {
    case column_type::int16:
      return f(std::int16_t{});
    case column_type::int32:
      return f(std::int32_t{});
    case column_type::int64:
    case column_type::instant:
      return f(std::int64_t{});
    case column_type::uint16:
      return f(std::uint16_t{});
    case column_type::uint32:
      return f(std::uint32_t{});
    case column_type::uint64:
      return f(std::uint64_t{});
    default:
      return otherwise;
  }
}

template <class F>
void with_width(std::size_t width, F&& f) {
  if (width == 1) return f(std::uint8_t{});
  if (width == 2) return f(std::uint16_t{});
  return f(std::uint32_t{});
}

template <class V>
struct extremes {
  V least, most;
  // Without a sign: the distance of any two values fits.
  std::uint64_t apart() const {
    return static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  }
};

template <class V>
extremes<V> extremes_of(const V* values, std::size_t rows, std::size_t step) {
  extremes<V> found{values[0], values[0]};
  for (std::size_t i = 0; i < rows; i += step) {
    found.least = std::min(found.least, values[i]);
    found.most = std::max(found.most, values[i]);
  }
  return found;
}

std::size_t width_for(std::uint64_t apart) {
  return apart >> 8 == 0 ? 1 : apart >> 16 == 0 ? 2 : apart >> 32 == 0 ? 4 : 8;
}

std::uint64_t least_in(std::string_view part) {
  std::uint64_t least = 0;
  std::memcpy(&least, part.data(), sizeof least);
  return least;
}

}  // namespace

narrow_form shortest_form(column_type type, const std::byte* values, std::size_t rows) {
  return with_wide_integer(type, narrow_form{}, [&](auto of_type) -> narrow_form {
    using value = decltype(of_type);
    if (rows == 0) return {};
    const auto* all = reinterpret_cast<const value*>(values);
    for (const std::size_t looked_at : {8, 64}) {
      const std::size_t step = std::max<std::size_t>(1, rows / looked_at);
      if (width_for(extremes_of(all, rows, step).apart()) >= sizeof(value)) return {};
    }
    const extremes<value> found = extremes_of(all, rows, 1);
    const narrow_form form{width_for(found.apart()), static_cast<std::uint64_t>(found.least)};
    if (form.width >= sizeof(value) || form.bytes(rows) >= rows * sizeof(value)) return {};
    return form;
  });
}

void write_narrow(column_type type, const std::byte* values, std::size_t rows,
                  const narrow_form& form, char* to) {
  std::memcpy(to, &form.least, sizeof form.least);
  to += sizeof form.least;
  with_wide_integer(type, 0, [&](auto of_type) {
    using value = decltype(of_type);
    using bits = std::make_unsigned_t<value>;
    with_width(form.width, [&](auto of_width) {
      using narrow = decltype(of_width);
      const auto* from = reinterpret_cast<const bits*>(values);
      const auto least = static_cast<bits>(form.least);
      auto* out = reinterpret_cast<narrow*>(to);
      for (std::size_t i = 0; i < rows; ++i)
        out[i] = static_cast<narrow>(static_cast<bits>(from[i] - least));
    });
    return 0;
  });
}

std::size_t narrow_width(column_type type, std::size_t rows, std::size_t bytes) {
  return with_wide_integer(type, std::size_t{0}, [&](auto of_type) -> std::size_t {
    if (bytes >= rows * sizeof of_type) return 0;
    for (const std::size_t width : {1, 2, 4})
      if (width < sizeof of_type && bytes == narrow_form{width, 0}.bytes(rows)) return width;
    return 0;
  });
}

std::string_view fault_of_narrow(column_type type, std::string_view part) {
  return with_wide_integer(type, std::string_view{}, [&](auto of_type) -> std::string_view {
    using value = decltype(of_type);
    const std::uint64_t least = least_in(part);
    const bool fits = static_cast<std::uint64_t>(static_cast<value>(least)) == least;
    return fits ? std::string_view{} : "a least value beyond its type";
  });
}

void read_narrow(column_type type, std::string_view part, std::size_t rows, std::byte* to) {
  with_wide_integer(type, 0, [&](auto of_type) {
    using bits = std::make_unsigned_t<decltype(of_type)>;
    const auto least = static_cast<bits>(least_in(part));
    const char* const from = part.data() + sizeof(std::uint64_t);
    auto* out = reinterpret_cast<bits*>(to);
    with_width((part.size() - sizeof(std::uint64_t)) / rows, [&](auto of_width) {
      using narrow = decltype(of_width);
      for (std::size_t i = 0; i < rows; ++i) {
        narrow above;
        std::memcpy(&above, from + i * sizeof above, sizeof above);
        out[i] = static_cast<bits>(least + above);
      }
    });
    return 0;
  });
}

}  // namespace sluice
