#include "sluice/links/narrow_columns.hpp"

#include <cstdio>
#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "sluice/records/record.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

template <class V>
const std::byte* bytes_of(const std::vector<V>& values) {
  return reinterpret_cast<const std::byte*>(values.data());
}

template <class V>
narrow_form form_of(const std::vector<V>& values) {
  return shortest_form(column_type_of<V>(), bytes_of(values), values.size());
}

// The values as they come out of the short form, which lies one byte beside its alignment.
template <class V>
std::vector<V> crossed(const std::vector<V>& values) {
  const narrow_form form = form_of(values);
  REQUIRE(form.width != 0);
  std::vector<std::uint64_t> room(form.bytes(values.size()) / 8 + 1);
  char* const out = reinterpret_cast<char*>(room.data());
  write_narrow(column_type_of<V>(), bytes_of(values), values.size(), form, out);
  const std::string apart = "-" + std::string(out, form.bytes(values.size()));
  const std::string_view part = std::string_view(apart).substr(1);
  CHECK(narrow_width(column_type_of<V>(), values.size(), part.size()) == form.width);
  CHECK(fault_of_narrow(column_type_of<V>(), part).empty());
  std::vector<V> read(values.size());
  read_narrow(column_type_of<V>(), part, values.size(), reinterpret_cast<std::byte*>(read.data()));
  return read;
}

// So many values, none further than `apart` above `least`, both of which are there.
template <class V>
std::vector<V> values_above(V least, std::uint64_t apart, std::size_t rows, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<V> values;
  for (std::size_t i = 0; i < rows; ++i)
    values.push_back(static_cast<V>(static_cast<std::uint64_t>(least) +
                                    (apart == ~0ull ? random() : random() % (apart + 1))));
  values.front() = static_cast<V>(static_cast<std::uint64_t>(least) + apart);
  values.back() = least;
  return values;
}

template <class V>
void check_all_widths(std::uint64_t seed) {
  using limits = std::numeric_limits<V>;
  for (const std::uint64_t apart : {0ull, 1ull, 255ull, 256ull, 65'535ull, 65'536ull,
                                    4'294'967'295ull, 4'294'967'296ull, ~0ull}) {
    const std::uint64_t most =
        static_cast<std::uint64_t>(limits::max()) - static_cast<std::uint64_t>(limits::min());
    if (apart > most) continue;
    for (const V least :
         {limits::min(), static_cast<V>(static_cast<std::uint64_t>(limits::max()) - apart)}) {
      const auto values = values_above<V>(least, apart, 1000, seed);
      const std::size_t width = apart <= 255          ? 1
                                : apart <= 65'535     ? 2
                                : apart <= UINT32_MAX ? 4
                                                      : 8;
      CAPTURE(apart, least, sizeof(V));
      CHECK(form_of(values).width == (width < sizeof(V) ? width : 0));
      if (width < sizeof(V)) CHECK((crossed(values) == values));
    }
  }
}

}  // namespace

TEST_CASE("integers come out of the short form as they went in, at both ends of their type",
          "[narrow_columns]") {
  const std::uint64_t seed = GENERATE(1u, 2u, 3u);
  CAPTURE(seed);
  check_all_widths<std::int16_t>(seed);
  check_all_widths<std::int32_t>(seed);
  check_all_widths<std::int64_t>(seed);
  check_all_widths<std::uint16_t>(seed);
  check_all_widths<std::uint32_t>(seed);
  check_all_widths<std::uint64_t>(seed);
}

TEST_CASE("the short form in the description of the format is the one that is made",
          "[narrow_columns][U65]") {
  const std::vector<std::int32_t> values{-2, 0, 253};
  const narrow_form form = form_of(values);
  REQUIRE(form.bytes(3) == 11);
  std::uint64_t room[2];
  write_narrow(column_type::int32, bytes_of(values), 3, form, reinterpret_cast<char*>(room));
  std::string shown;
  for (std::size_t i = 0; i < 11; ++i) {
    char hex[4];
    std::snprintf(hex, sizeof hex, "%02x ", reinterpret_cast<const unsigned char*>(room)[i]);
    shown += hex;
  }
  shown.pop_back();
  std::ifstream document(SLUICE_DOCS "/wire-format.md");
  const std::string text{std::istreambuf_iterator<char>(document), {}};
  CHECK(text.find("`" + shown + "`") != std::string::npos);
}

TEST_CASE("one value far away leaves a column as it is", "[narrow_columns]") {
  std::vector<std::uint64_t> values(8192, 7);
  CHECK(form_of(values).width == 1);
  values[4321] = 1ull << 40;  // not among those looked at first
  CHECK(form_of(values).width == 0);
}

TEST_CASE("other columns have no short form", "[narrow_columns]") {
  const std::vector<std::uint64_t> zeros(1000);
  for (const auto type : {column_type::boolean, column_type::int8, column_type::uint8,
                          column_type::float32, column_type::float64, column_type::text}) {
    CHECK(shortest_form(type, bytes_of(zeros), 1000).width == 0);
    for (std::size_t bytes = 0; bytes <= 8100; ++bytes) CHECK(narrow_width(type, 1000, bytes) == 0);
  }
}

TEST_CASE("the size of a part says its form, and only where it is the shorter one",
          "[narrow_columns][F1502]") {
  for (const std::size_t rows : {0, 1, 2, 3, 5, 8, 100}) {
    std::vector<std::size_t> short_ones;
    for (std::size_t bytes = 0; bytes <= 8 * rows + 100; ++bytes)
      if (narrow_width(column_type::int64, rows, bytes) != 0) short_ones.push_back(bytes);
    std::vector<std::size_t> expected;
    for (const std::size_t width : {1, 2, 4})
      if (8 + rows * width < 8 * rows) expected.push_back(8 + rows * width);
    CHECK(short_ones == expected);
  }
  CHECK(narrow_width(column_type::int16, 100, 8 + 200) == 0);
}

TEST_CASE("a least value that is none of its type is refused", "[narrow_columns][F1502]") {
  const auto fault = [](column_type type, std::uint64_t least) {
    std::string part(8 + 100, '\0');
    std::memcpy(part.data(), &least, sizeof least);
    return std::string(fault_of_narrow(type, part));
  };
  const std::string wrong = "a least value beyond its type";
  CHECK(fault(column_type::uint16, 65'535).empty());
  CHECK(fault(column_type::uint16, 65'536) == wrong);
  CHECK(fault(column_type::int16, static_cast<std::uint64_t>(-32'768)).empty());
  CHECK(fault(column_type::int16, static_cast<std::uint64_t>(-32'769)) == wrong);
  CHECK(fault(column_type::int16, 32'768) == wrong);
  CHECK(fault(column_type::uint32, 1ull << 32) == wrong);
  CHECK(fault(column_type::int32, static_cast<std::uint64_t>(-1)).empty());
  CHECK(fault(column_type::int64, ~0ull).empty());
}

TEST_CASE("values beyond the largest count on from the smallest", "[narrow_columns]") {
  std::string part(8 + 2, '\0');
  const std::uint64_t least = 65'535;
  std::memcpy(part.data(), &least, sizeof least);
  part[9] = 3;
  std::uint16_t values[2];
  read_narrow(column_type::uint16, part, 2, reinterpret_cast<std::byte*>(values));
  CHECK(values[0] == 65'535);
  CHECK(values[1] == 2);
}

}  // namespace sluice
