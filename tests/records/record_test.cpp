#include "sluice/records/record.hpp"

#include <string>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

enum class color : std::uint8_t { red, green };
enum class flag : bool { off, on };

struct everything {
  bool truth;
  std::int8_t i8;
  std::int16_t i16;
  std::int32_t i32;
  std::int64_t i64;
  std::uint8_t u8;
  std::uint16_t u16;
  std::uint32_t u32;
  std::uint64_t u64;
  float f32;
  double f64;
  instant at;
  std::string_view text;
  color paint;
  flag raised;
  char letter;
  std::optional<bool> maybe;
  std::optional<std::string_view> note;
};
SLUICE_RECORD(everything, truth, i8, i16, i32, i64, u8, u16, u32, u64, f32, f64, at, text, paint,
              raised, letter, maybe, note);

}  // namespace

TEST_CASE("a record's schema names its fields and how they are stored", "[record]") {
  std::vector<std::string> told;
  for (const auto& field : schema_of<everything>().fields)
    told.push_back(std::string(field.name) + " " + std::string(to_string(field.type)) +
                   (field.optional ? "?" : ""));
  CHECK(told == std::vector<std::string>{"truth bool", "i8 int8", "i16 int16", "i32 int32",
                                         "i64 int64", "u8 uint8", "u16 uint16", "u32 uint32",
                                         "u64 uint64", "f32 float32", "f64 float64", "at instant",
                                         "text text", "paint uint8", "raised bool", "letter int8",
                                         "maybe bool?", "note text?"});
  CHECK(schema_of<everything>().name == "everything");
  CHECK(schema_of<everything>().texts == 2);
  CHECK(schema_of<everything>().row_bytes == 63);
  CHECK(&schema_of<everything>() == &schema_of<everything>());
}

TEST_CASE("a field is found by member and by name", "[record]") {
  STATIC_REQUIRE(field_count<everything> == 18);
  STATIC_REQUIRE(field_index(&everything::truth) == 0);
  STATIC_REQUIRE(field_index(&everything::f64) == 10);
  STATIC_REQUIRE(field_index(&everything::note) == 17);
  CHECK(schema_of<everything>().find("u16") == 6);
  CHECK(schema_of<everything>().find("U16") == 18);
}

TEST_CASE("integers wider than a column are no fields", "[record]") {
  STATIC_REQUIRE(field_value<std::uint64_t>);
  STATIC_REQUIRE(field_value<std::optional<instant>>);
  STATIC_REQUIRE_FALSE(field_value<std::string>);
  STATIC_REQUIRE_FALSE(field_value<const char*>);
  STATIC_REQUIRE_FALSE(field_value<long double>);
  STATIC_REQUIRE_FALSE(field_value<std::optional<std::optional<int>>>);
  __extension__ using wide = __int128;
  STATIC_REQUIRE_FALSE(field_value<wide>);
}

TEST_CASE("rows are compared field by field", "[record]") {
  everything a{}, b{};
  CHECK(same_fields(a, b));
  b.note = "";
  CHECK_FALSE(same_fields(a, b));
}

}  // namespace sluice
