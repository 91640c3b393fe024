#include "sluice/operators/keyed_state.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <string>

#include "sluice/operators/owned_state.hpp"
#include "sluice/tests/operators/operation_fixture.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

enum class currency : std::uint8_t { euro, pound };

struct booking {
  std::string_view city;
  std::int32_t room;
  currency paid_in;
  instant at;
};
SLUICE_RECORD(booking, city, room, paid_in, at);

struct name {
  std::string_view first, last;
};
SLUICE_RECORD(name, first, last);

using count_state = std::uint64_t;

void count_into(count_state& s, std::size_t) { ++s; }

// A key field that outlives its state.
template <class K>
using owned = std::conditional_t<std::is_same_v<K, std::string_view>, std::string, K>;

// Every key with its state, as the state gives them back.
template <class... K>
auto all_of(keyed_state<count_state, K...>& of) {
  std::map<std::tuple<owned<K>...>, count_state> all;
  of.for_some(0, SIZE_MAX, [&](const std::tuple<K...>& key, count_state& s) {
    std::apply([&](const auto&... k) { all.emplace(std::tuple{owned<K>(k)...}, s); }, key);
  });
  return all;
}

std::vector<booking> some_bookings() {
  return {{"Rome", 1, currency::euro, {10}},  {"Rome", -1, currency::euro, {10}},
          {"Bath", 1, currency::pound, {20}}, {"Rome", 1, currency::euro, {30}},
          {"", 1, currency::pound, {-5}},     {"Bath", 1, currency::pound, {20}}};
}

}  // namespace

TEST_CASE("integer keys come back with their own type", "[keyed_state]") {
  keyed_state<count_state, std::int32_t> rooms;
  rooms.update(*batch_with(some_bookings()), {1}, count_into);
  CHECK(all_of(rooms) == decltype(all_of(rooms)){{{-1}, 1}, {{1}, 5}});

  keyed_state<count_state, currency> paid;
  paid.update(*batch_with(some_bookings()), {2}, count_into);
  CHECK(all_of(paid) == decltype(all_of(paid)){{{currency::euro}, 3}, {{currency::pound}, 3}});

  keyed_state<count_state, instant> times;
  times.update(*batch_with(some_bookings()), {3}, count_into);
  CHECK(all_of(times).at({instant{-5}}) == 1);
  CHECK(times.size() == 4);
}

TEST_CASE("text keys are owned by the state", "[keyed_state]") {
  keyed_state<count_state, std::string_view> cities;
  cities.update(*batch_with(some_bookings()), {0}, count_into);  // the batch is gone afterwards
  CHECK(all_of(cities) == decltype(all_of(cities)){{{""}, 1}, {{"Bath"}, 2}, {{"Rome"}, 3}});
}

TEST_CASE("keys of several fields are told apart field by field", "[keyed_state]") {
  keyed_state<count_state, std::string_view, std::int32_t, currency> all;
  all.update(*batch_with(some_bookings()), {0, 1, 2}, count_into);
  CHECK(all_of(all) == decltype(all_of(all)){{{"Rome", 1, currency::euro}, 2},
                                             {{"Rome", -1, currency::euro}, 1},
                                             {{"Bath", 1, currency::pound}, 2},
                                             {{"", 1, currency::pound}, 1}});
}

TEST_CASE("where one text ends and the next begins is part of the key", "[keyed_state]") {
  keyed_state<count_state, std::string_view, std::string_view> pairs;
  pairs.update(*batch_with<name>({{"ab", "c"}}), {0, 1}, count_into);
  pairs.update(*batch_with<name>({{"a", "bc"}}), {0, 1}, count_into);
  pairs.update(*batch_with<name>({{"", "abc"}}), {0, 1}, count_into);
  CHECK(pairs.size() == 3);
}

TEST_CASE("changed keys come once each, in the order of their first change", "[keyed_state][S4]") {
  keyed_state<count_state, std::int32_t> rooms;
  rooms.update(*batch_with<booking>({{"", 7, {}, {}}, {"", 3, {}, {}}, {"", 7, {}, {}}}), {1},
               count_into);
  CHECK(rooms.changed() == 2);
  std::vector<std::int32_t> changed;
  const auto note = [&](const std::tuple<std::int32_t>& key, count_state&) {
    changed.push_back(std::get<0>(key));
  };
  rooms.for_each_changed(0, 1, note);
  rooms.for_each_changed(1, 10, note);
  CHECK(changed == std::vector{7, 3});
  rooms.clear_changes();
  CHECK(rooms.changed() == 0);
  CHECK(rooms.size() == 2);
  rooms.clear();
  CHECK(rooms.size() == 0);
}

TEST_CASE("state told to ignore changes has its keys and no changes", "[keyed_state]") {
  keyed_state<count_state, std::int32_t> rooms{changes::ignored};
  keyed_state<count_state, std::string_view> cities{changes::ignored};
  rooms.update(*batch_with(some_bookings()), {1}, count_into);
  cities.update(*batch_with(some_bookings()), {0}, count_into);
  CHECK(rooms.changed() == 0);
  CHECK(cities.changed() == 0);
  CHECK(all_of(rooms) == decltype(all_of(rooms)){{{-1}, 1}, {{1}, 5}});
  CHECK(all_of(cities) == decltype(all_of(cities)){{{""}, 1}, {{"Bath"}, 2}, {{"Rome"}, 3}});
}

TEST_CASE("keys gathered row by row find the same states as whole batches", "[keyed_state]") {
  const auto rows = batch_with(some_bookings());
  keyed_state<count_state, std::string_view, std::int32_t> whole, gathered;
  whole.update(*rows, {0, 1}, count_into);
  gathered.clear_gathered();
  for (std::size_t i = 0; i < rows->size(); ++i) gathered.gather(*rows, {0, 1}, i);
  gathered.update_gathered(count_into);
  gathered.clear_gathered();
  gathered.gather(*rows, {0, 1}, 0);
  gathered.update_gathered(count_into);
  whole.update(*batch_with<booking>({some_bookings()[0]}), {0, 1}, count_into);
  CHECK(all_of(whole) == all_of(gathered));
}

TEST_CASE("states equal those of a map on random keys", "[keyed_state]") {
  const auto seed = GENERATE(range(1u, 21u));
  CAPTURE(seed);
  std::mt19937 random{seed};
  keyed_state<count_state, std::string_view, std::int32_t> all;
  std::map<std::tuple<std::string, std::int32_t>, count_state> want;
  for (int batch = 0; batch < 20; ++batch) {
    std::vector<std::string> texts;
    std::vector<booking> rows;
    for (int i = 0; i < 50; ++i) texts.emplace_back(random() % 4, static_cast<char>('a' + i % 3));
    for (const auto& text : texts) {
      rows.push_back({text, static_cast<std::int32_t>(random() % 5) - 2, {}, {}});
      ++want[{text, rows.back().room}];
    }
    all.update(*batch_with(rows), {0, 1}, count_into);
  }
  CHECK(all_of(all) == want);
}

namespace {

struct owns_text {
  int a;
  std::string text;
};
struct borrows_text {
  int a;
  double b;
  std::string_view text;
};

}  // namespace

TEST_CASE("state that borrows text is told from state that owns it", "[owned_state]") {
  STATIC_REQUIRE(holds_borrowed_text<std::string_view>());
  STATIC_REQUIRE(holds_borrowed_text<borrows_text>());
  STATIC_REQUIRE_FALSE(holds_borrowed_text<owns_text>());
  STATIC_REQUIRE_FALSE(holds_borrowed_text<std::uint64_t>());
}

}  // namespace sluice
