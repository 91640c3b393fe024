#include "sluice/state/state_codec.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>
#include <unordered_set>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

enum class colour : std::uint8_t { red, green };

struct point {
  std::int32_t x;
  std::int32_t y;
  bool operator==(const point&) const = default;
};

struct plain {
  point at;
  point corners[2];
  std::array<double, 3> sums;
  char name[8];
  colour is;
  instant seen;
  std::optional<std::uint32_t> last;
  std::chrono::milliseconds took;
  std::chrono::system_clock::time_point when;
};
struct derived : point {
  int z;
};

class visits {
 public:
  visits() = default;
  visits(std::uint64_t count, std::vector<std::string> cities)
      : count_(count), cities_(std::move(cities)) {}
  template <class F>
  void visit_state(F&& f) {
    f(count_, cities_);
  }
  bool operator==(const visits&) const = default;

 private:
  std::uint64_t count_ = 0;
  std::vector<std::string> cities_;
};

// An address at each place an aggregate can have one.
struct pointer_first {
  const char* text;
  int n;
};
struct pointer_last {
  int n[3];
  const char* text;
};
struct pointer_within {
  int n;
  struct {
    int n;
    const char* text;
  } inner;
};
struct pointer_in_base : pointer_last {
  int n;
};
struct pointers_in_array {
  std::array<const int*, 2> all;
};
struct pointer_that_may_be {
  std::optional<const int*> maybe;
};
struct view_member {
  int n;
  std::string_view text;
};
struct view_that_may_be {
  std::optional<std::string_view> text;
};
struct span_member {
  std::span<int> numbers;
};
struct function_member {
  int (*f)(int);
};
struct member_pointer {
  int point::*member;
};
struct reference_member {
  int& n;
};
struct reference_wrapped {
  std::reference_wrapper<int> n;
};
class closed {  // might hold anything
  int n_ = 0;
};
struct closed_member {
  closed inner;
};

template <class V>
std::string bytes_of(const V& value) {
  snapshot_writer to;
  save_state(to, value);
  return to.take();
}

// Saves and loads; then every beginning of the bytes, in memory of just that size.
template <class V>
void check_round_trip(const V& value) {
  static_assert(is_savable<V>);
  const std::string bytes = bytes_of(value);
  V back{};
  snapshot_reader from{bytes};
  load_state(from, back);
  CHECK(from.finish());
  CHECK(back == value);
  CHECK(bytes_of(back) == bytes);
  for (std::size_t left = 0; left < bytes.size(); ++left) {
    const std::unique_ptr<char[]> cut{new char[left]};
    std::copy_n(bytes.data(), left, cut.get());
    V part{};
    snapshot_reader of_part{{cut.get(), left}};
    load_state(of_part, part);
    CHECK_FALSE(of_part.sound());
  }
}

}  // namespace

TEST_CASE("a state is what it was after it was saved and loaded", "[state_codec][F1003]") {
  check_round_trip(std::uint64_t{7});
  check_round_trip(-1.5);
  check_round_trip(true);
  check_round_trip(colour::green);
  check_round_trip(instant{5});
  check_round_trip(point{1, -2});
  check_round_trip(std::string{"text\0with a zero", 16});
  check_round_trip(std::optional<std::uint32_t>{});
  check_round_trip(std::optional<std::uint32_t>{3});
  check_round_trip(std::optional<std::string>{"x"});
  check_round_trip(std::pair{1, std::string{"x"}});
  check_round_trip(std::tuple{1, std::string{"x"}, point{3, 4}});
  check_round_trip(std::array<point, 2>{point{1, 2}, point{3, 4}});
  check_round_trip(std::array<std::string, 2>{"x", ""});
  check_round_trip(std::vector<bool>{true, false, true});
  check_round_trip(std::deque<point>{{1, 2}, {3, 4}});
  check_round_trip(std::set<std::string>{"b", "a"});
  check_round_trip(std::unordered_set<std::string>{"b", "a", "c"});
  check_round_trip(std::map<std::string, std::vector<point>>{{"a", {{1, 2}}}, {"b", {}}});
  check_round_trip(
      std::unordered_map<std::uint32_t, std::optional<std::string>>{{2, "x"}, {1, {}}});
  check_round_trip(visits{3, {"Rome", ""}});
  check_round_trip(std::vector<visits>{{1, {"Rome"}}, {}});
  check_round_trip(std::map<std::string, std::deque<std::pair<point, std::vector<visits>>>>{
      {"x", {{{1, 2}, {{7, {"a", "b"}}}}}}, {"y", {}}});
}

TEST_CASE("a value that is loaded replaces what was there", "[state_codec][F1003]") {
  const std::string bytes = bytes_of(std::pair{std::vector{1}, std::optional<std::string>{}});
  std::pair<std::vector<int>, std::optional<std::string>> there{{7, 8}, "old"};
  snapshot_reader from{bytes};
  load_state(from, there);
  CHECK(there.first == std::vector{1});
  CHECK_FALSE(there.second);
}

TEST_CASE("equal states are equal bytes, however they came to be", "[state_codec][F1003]") {
  std::unordered_map<std::uint64_t, std::string> up, down;
  std::unordered_set<std::string> few, many;
  many.reserve(10'000);
  for (std::uint64_t i = 0; i < 300; ++i) {
    up[i] = std::to_string(i);
    down[299 - i] = std::to_string(299 - i);
    few.insert(std::to_string(i));
    many.insert(std::to_string(299 - i));
  }
  CHECK(bytes_of(up) == bytes_of(down));
  CHECK(bytes_of(few) == bytes_of(many));
}

TEST_CASE("what is made of plain bytes can be saved", "[state_codec][F1003]") {
  STATIC_REQUIRE(is_savable<plain>);
  STATIC_REQUIRE(is_savable<derived>);
  STATIC_REQUIRE(is_savable<std::array<plain, 2>>);
  CHECK(bytes_of(plain{}).size() == sizeof(plain));
}

TEST_CASE("what holds an address cannot be saved, wherever it holds it", "[state_codec][F1003]") {
  STATIC_REQUIRE_FALSE(is_savable<const char*>);
  STATIC_REQUIRE_FALSE(is_savable<std::string_view>);
  STATIC_REQUIRE_FALSE(is_savable<std::span<int>>);
  STATIC_REQUIRE_FALSE(is_savable<std::reference_wrapper<int>>);
  STATIC_REQUIRE_FALSE(is_savable<int point::*>);
  STATIC_REQUIRE_FALSE(is_savable<std::unique_ptr<int>>);
  STATIC_REQUIRE_FALSE(is_savable<std::optional<std::string_view>>);
  STATIC_REQUIRE_FALSE(is_savable<std::pair<int, const char*>>);
  STATIC_REQUIRE_FALSE(is_savable<std::tuple<int, std::string_view>>);
  STATIC_REQUIRE_FALSE(is_savable<std::vector<std::string_view>>);
  STATIC_REQUIRE_FALSE(is_savable<std::map<std::string, const int*>>);
  STATIC_REQUIRE_FALSE(is_savable<std::unordered_set<std::string_view>>);
  STATIC_REQUIRE_FALSE(is_savable<std::array<std::string_view, 2>>);
  STATIC_REQUIRE_FALSE(is_savable<pointer_first>);
  STATIC_REQUIRE_FALSE(is_savable<pointer_last>);
  STATIC_REQUIRE_FALSE(is_savable<pointer_within>);
  STATIC_REQUIRE_FALSE(is_savable<pointer_in_base>);
  STATIC_REQUIRE_FALSE(is_savable<pointers_in_array>);
  STATIC_REQUIRE_FALSE(is_savable<pointer_that_may_be>);
  STATIC_REQUIRE_FALSE(is_savable<view_member>);
  STATIC_REQUIRE_FALSE(is_savable<view_that_may_be>);
  STATIC_REQUIRE_FALSE(is_savable<span_member>);
  STATIC_REQUIRE_FALSE(is_savable<function_member>);
  STATIC_REQUIRE_FALSE(is_savable<member_pointer>);
  STATIC_REQUIRE_FALSE(is_savable<reference_member>);
  STATIC_REQUIRE_FALSE(is_savable<reference_wrapped>);
}

TEST_CASE("a class that does not name its members cannot be saved", "[state_codec][F1003]") {
  STATIC_REQUIRE_FALSE(is_savable<closed>);
  STATIC_REQUIRE_FALSE(is_savable<closed_member>);
}

}  // namespace sluice
