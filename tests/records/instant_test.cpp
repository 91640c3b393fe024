#include "sluice/records/instant.hpp"

#include <random>
#include <string>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

// What `parse` makes of `text`, as a text again.
std::string read(std::string_view text) {
  instant out;
  return parse(text, out) ? to_string(out) : "no instant";
}

}  // namespace

TEST_CASE("an instant is written with as many decimals as it needs", "[instant]") {
  CHECK(to_string({0}) == "1970-01-01T00:00:00Z");
  CHECK(to_string(instant::from_seconds(1522540800)) == "2018-04-01T00:00:00Z");
  CHECK(to_string({1522540800'500'000}) == "2018-04-01T00:00:00.500Z");
  CHECK(to_string({1522540800'000'001}) == "2018-04-01T00:00:00.000001Z");
  CHECK(to_string({-1}) == "1969-12-31T23:59:59.999999Z");
  CHECK(to_string(instant::from_milliseconds(-1)) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("an instant outside the years 0 to 9999 is written in microseconds", "[instant]") {
  instant first, last;
  REQUIRE(parse("0000-01-01T00:00:00Z", first));
  REQUIRE(parse("9999-12-31T23:59:59.999999Z", last));
  CHECK(to_string(first) == "0000-01-01T00:00:00Z");
  CHECK(to_string(last) == "9999-12-31T23:59:59.999999Z");
  CHECK(to_string({first.us - 1}) == "-62167219200000001");
  CHECK(to_string({last.us + 1}) == "253402300800000000");
  CHECK(to_string(instant::lowest()) == "-9223372036854775808");
  CHECK(to_string(instant::highest()) == "9223372036854775807");
}

TEST_CASE("an instant is read with blank or T, with or without Z, with up to six decimals",
          "[instant]") {
  CHECK(read("2018-04-01T12:34:56Z") == "2018-04-01T12:34:56Z");
  CHECK(read("2018-04-01 12:34:56") == "2018-04-01T12:34:56Z");
  CHECK(read("2018-04-01T12:34:56.5Z") == "2018-04-01T12:34:56.500Z");
  CHECK(read("2018-04-01T12:34:56.123456") == "2018-04-01T12:34:56.123456Z");
  CHECK(read("2016-02-29T00:00:00") == "2016-02-29T00:00:00Z");
  CHECK(read("1500000") == "1970-01-01T00:00:01.500Z");
  CHECK(read("-1") == "1969-12-31T23:59:59.999999Z");
}

TEST_CASE("what is no date of the calendar or has another form is no instant", "[instant]") {
  const auto* text = GENERATE(
      "", "Z", "2018", "x", "2018-04-01", "2018-04-01T12:34", "2018-04-01T12:34:5",
      "2018-04-01T12:34:56.", "2018-04-01T12:34:56.Z", "2018-04-01T12:34:56.1234567",
      "2018-04-01T12:34:56ZZ", "2018-04-01T12:34:56+02:00", "2018-04-01t12:34:56",
      "2018-13-01T00:00:00", "2018-00-01T00:00:00", "2018-04-31T00:00:00", "2018-02-29T00:00:00",
      "2018-04-01T24:00:00", "2018-04-01T23:60:00", "2018-04-01T23:59:60", "-018-04-01T00:00:00",
      "2018-4--1T00:00:00", "2018/04/01T00:00:00", "2018-04-01T00.00.00", " 2018-04-01T00:00:00",
      "2018-04-01T00:00:00 ", "+1", "1.5", "9223372036854775808", "0x10", "99999-01-01T00:00:00");
  instant out{42};
  if (std::string_view{text} == "2018") {
    CHECK(parse(text, out));  // a whole number of microseconds
    return;
  }
  INFO(text);
  CHECK_FALSE(parse(text, out));
  CHECK(out == instant{42});
}

TEST_CASE("every instant is read back as it was written", "[instant]") {
  const unsigned seed = GENERATE(1u, 2u, 3u);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 20'000; ++i) {
    const auto spread = static_cast<int>(random() % 60);
    const instant t{static_cast<std::int64_t>(random()) >> spread};
    instant back;
    INFO(to_string(t));
    REQUIRE(parse(to_string(t), back));
    REQUIRE(back == t);
  }
}

TEST_CASE("whole seconds are rounded towards the past", "[instant]") {
  CHECK(instant{1'999'999}.seconds() == 1);
  CHECK(instant{0}.seconds() == 0);
  CHECK(instant{-1}.seconds() == -1);
  CHECK(instant{-1'000'000}.seconds() == -1);
  CHECK(instant{-1'000'001}.seconds() == -2);
}

}  // namespace sluice
