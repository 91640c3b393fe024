#include "sluice/state/snapshot_bytes.hpp"

#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

using namespace std::string_view_literals;

std::string message_of(snapshot_reader& in) {
  const auto whole = in.finish();
  REQUIRE_FALSE(whole);
  CHECK(whole.failure().code == error_code::malformed);
  return whole.failure().message;
}

template <plain_value T>
void comes_back(T v) {
  snapshot_writer out;
  out.value(v);
  CHECK(out.bytes().size() == sizeof(T));
  snapshot_reader in{out.bytes()};
  CHECK(in.value<T>() == v);
  CHECK(in.finish());
}

}  // namespace

TEST_CASE("plain values come back as they were", "[snapshot_bytes]") {
  for (const auto v : {INT64_MIN, INT64_C(-1), INT64_C(0), INT64_MAX}) comes_back(v);
  for (const auto v : {UINT64_C(0), UINT64_MAX}) comes_back(v);
  for (const auto v : {INT32_MIN, -2, INT32_MAX}) comes_back(v);
  for (const auto v : {std::int8_t{-128}, std::int8_t{127}}) comes_back(v);
  comes_back(std::uint16_t{0xABCD});
  for (const auto v : {0.1, -0.0, HUGE_VAL, std::numeric_limits<double>::denorm_min()})
    comes_back(v);
  for (const auto v : {0.1f, -HUGE_VALF}) comes_back(v);
  for (const auto v : {true, false}) comes_back(v);
}

TEST_CASE("a number that is none keeps its bits", "[snapshot_bytes]") {
  snapshot_writer out;
  out.value(std::bit_cast<double>(UINT64_C(0x7ff8000000000123)));
  snapshot_reader in{out.bytes()};
  CHECK(std::bit_cast<std::uint64_t>(in.value<double>()) == UINT64_C(0x7ff8000000000123));
}

TEST_CASE("values lie little-endian, one behind the other", "[snapshot_bytes]") {
  snapshot_writer out;
  out.value(std::uint32_t{0x01020304});
  out.value(std::int16_t{-2});
  out.value(true);
  out.text("ab");
  out.raw("!");
  CHECK(out.bytes() == "\4\3\2\1\xFE\xFF\1\2\0\0\0\0\0\0\0ab!"sv);
  CHECK(out.take().size() == 18);
}

TEST_CASE("texts come back with every byte they had", "[snapshot_bytes]") {
  snapshot_writer out;
  out.count(2);
  out.text("a\0b"sv);
  out.text("");
  snapshot_reader in{out.bytes()};
  CHECK(in.count(8) == 2);
  CHECK(in.text() == "a\0b"sv);
  CHECK(in.text().empty());
  CHECK(in.finish());
}

TEST_CASE("bytes that end too early are wrong wherever they end", "[snapshot_bytes][F1502]") {
  snapshot_writer out;
  out.count(1);
  out.text("text");
  out.value(7);
  for (std::size_t bytes = 0; bytes < out.bytes().size(); ++bytes) {
    snapshot_reader in{std::string_view{out.bytes()}.substr(0, bytes)};
    in.count(8);
    in.text();
    in.value<int>();
    CHECK_FALSE(in.sound());
    CHECK_FALSE(in.finish());
    CHECK(in.at() <= bytes);
  }
}

TEST_CASE("after the first wrong value every value is nothing", "[snapshot_bytes]") {
  snapshot_reader in{"\1\2\3"sv};
  CHECK(in.value<std::uint64_t>() == 0);
  CHECK(in.value<std::uint8_t>() == 0);
  CHECK(in.text().empty());
  CHECK(in.count(1) == 0);
  in.refuse("too late to say");
  CHECK(message_of(in) == "byte 0: 8 bytes are wanted, 3 are left");
}

TEST_CASE("a count that cannot be is refused before room is made", "[snapshot_bytes][F1502]") {
  snapshot_writer out;
  out.count(std::numeric_limits<std::size_t>::max());
  out.value(1.0);
  snapshot_reader in{out.bytes()};
  CHECK(in.count(8) == 0);
  CHECK(message_of(in) ==
        "byte 8: 18446744073709551615 values do not fit into the 8 bytes that are left");
  snapshot_reader text{out.bytes()};
  CHECK(text.text().empty());
  CHECK_FALSE(text.sound());
}

TEST_CASE("what is left over is wrong too", "[snapshot_bytes]") {
  snapshot_reader in{"\1\2"sv};
  CHECK(in.value<std::uint8_t>() == 1);
  CHECK(in.left() == 1);
  CHECK(message_of(in) == "byte 1: 1 bytes are left over");
}

TEST_CASE("a truth value is 0 or 1", "[snapshot_bytes]") {
  snapshot_reader in{"\2"sv};
  CHECK_FALSE(in.value<bool>());
  CHECK(message_of(in) == "byte 1: a truth value is neither 0 nor 1");
}

TEST_CASE("whoever reads may find a value wrong", "[snapshot_bytes]") {
  snapshot_reader in{"\7"sv};
  if (in.value<std::uint8_t>() == 7) in.refuse("kind is 7");
  CHECK(message_of(in) == "byte 1: kind is 7");
}

}  // namespace sluice
