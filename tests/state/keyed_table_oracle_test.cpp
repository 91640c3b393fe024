#include "sluice/state/keyed_table.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "sluice/records/hash.hpp"
#include "sluice/tests/support/catch.hpp"

// Random operations on a table and on plain standard containers, which must agree after each.

namespace sluice {
namespace {

// A running hash of the rows a key has seen: differs if one is missing, doubled or out of order.
std::uint64_t seen_also(std::uint64_t so_far, std::uint64_t row) {
  return combine_hashes(so_far, row);
}

struct small_state {
  std::uint64_t history = 0;
};
struct line_state {
  std::array<std::uint64_t, 5> padding{1, 2, 3, 4, 5};
  std::uint64_t history = 0;
};
struct large_state {
  std::array<std::uint64_t, 20> padding{};
  std::uint64_t history = 0;
};
struct owning_state {
  std::unique_ptr<std::string> owned = std::make_unique<std::string>("history");
  std::uint64_t history = 0;
};

// Deterministic draws; a seed prints with a failure.
class draws {
 public:
  explicit draws(std::uint64_t seed) : state_{seed} {}
  std::uint64_t next() { return hash_key(state_++); }
  std::uint64_t below(std::uint64_t end) { return next() % end; }

 private:
  std::uint64_t state_;
};

std::uint64_t integer_key(draws& random, std::uint64_t kind, std::uint64_t range) {
  const std::uint64_t id = random.below(range);
  switch (kind) {
    case 0:
      return id;  // dense
    case 1:
      return hash_key(id);  // opaque
    case 2:
      return ~id;  // from the largest number down
    case 3:
      return random.below(10) == 0 ? id : range / 2;  // one hot key
    case 4:
      return id << 48;  // few high bits
    default:
      return id * 1'346'269;  // clusters under the first multiplier
  }
}

template <class Key>
struct oracle {
  std::map<Key, std::uint64_t> history;
  std::vector<Key> changed;
  std::set<Key> changed_set;

  void row(const Key& key, std::uint64_t row) {
    auto& h = history[key];
    h = seen_also(h, row);
    if (changed_set.insert(key).second) changed.push_back(key);
  }
  void clear_changes() {
    changed.clear();
    changed_set.clear();
  }
  void clear() {
    history.clear();
    clear_changes();
  }
};

template <class Key, class Table>
void check_equal(Table& table, const oracle<Key>& expected) {
  REQUIRE(table.size() == expected.history.size());
  REQUIRE(table.changed() == expected.changed.size());
  std::vector<Key> changed;
  bool states_equal = true;
  table.for_each_changed(0, table.changed(), [&](const auto& key, auto& state) {
    changed.push_back(Key{key});
    states_equal = states_equal && state.history == expected.history.at(Key{key});
  });
  REQUIRE(states_equal);
  REQUIRE((changed == expected.changed));
  std::map<Key, std::uint64_t> all;
  std::as_const(table).for_each(
      [&](const auto& key, const auto& state) { all.emplace(Key{key}, state.history); });
  REQUIRE((all == expected.history));
}

template <class State>
void run_integer_keys(std::uint64_t seed) {
  draws random{seed};
  const std::uint64_t kind = random.below(6);
  const std::uint64_t range = std::uint64_t{1} << random.below(16);
  keyed_table<State> table;
  oracle<std::uint64_t> expected;
  std::uint64_t rows = 0;
  for (int operation = 0; operation < 40; ++operation) {
    const std::uint64_t what = random.below(20);
    if (what == 0) {
      table.clear();
      expected.clear();
    } else if (what < 5) {
      table.clear_changes();
      expected.clear_changes();
    } else if (what == 5) {
      table.reserve(random.below(range));
    } else if (what == 6) {
      keyed_table<State> moved = std::move(table);
      table = std::move(moved);
    } else {
      std::vector<std::uint64_t> batch(random.below(random.below(4) == 0 ? 5000 : 300));
      for (auto& key : batch) key = integer_key(random, kind, range);
      table.update(batch, [&](State& state, std::size_t row) {
        state.history = seen_also(state.history, rows + row);
      });
      for (std::size_t row = 0; row < batch.size(); ++row) expected.row(batch[row], rows + row);
      rows += batch.size();
    }
    const std::uint64_t probe = integer_key(random, kind, 2 * range);
    const State* found = table.find(probe);
    REQUIRE((found != nullptr) == expected.history.contains(probe));
    if (found) REQUIRE(found->history == expected.history.at(probe));
    if (operation % 4 == 3) check_equal(table, expected);
  }
  check_equal(table, expected);
}

std::string text_key(draws& random, std::uint64_t range) {
  const std::uint64_t id = random.below(range);
  return id % 13 == 0 ? std::string(id % 300, 'x') : "key " + std::to_string(id);
}

template <class State>
void run_text_keys(std::uint64_t seed) {
  draws random{seed};
  const std::uint64_t range = std::uint64_t{1} << random.below(14);
  const bool colliding = random.below(2) == 0;
  text_keyed_table<State> table;
  oracle<std::string> expected;
  std::uint64_t rows = 0;
  for (int operation = 0; operation < 40; ++operation) {
    const std::uint64_t what = random.below(20);
    if (what == 0) {
      table.clear();
      expected.clear();
    } else if (what < 5) {
      table.clear_changes();
      expected.clear_changes();
    } else {
      std::vector<std::string> batch(random.below(2000));
      for (auto& key : batch) key = text_key(random, range);
      const auto key_at = [&](std::size_t row) { return std::string_view{batch[row]}; };
      const auto change = [&](State& state, std::size_t row) {
        state.history = seen_also(state.history, rows + row);
      };
      if (colliding) {  // 8 hashes for all texts: told apart by their bytes
        std::vector<std::uint64_t> hashes(batch.size());
        for (std::size_t i = 0; i < batch.size(); ++i) hashes[i] = hash_key(batch[i]) % 8;
        batch.resize(std::min<std::size_t>(batch.size(), 200));
        hashes.resize(batch.size());
        table.update(std::span<const std::uint64_t>{hashes}, key_at, change);
      } else {
        table.update(batch.size(), key_at, change);
      }
      for (std::size_t row = 0; row < batch.size(); ++row) expected.row(batch[row], rows + row);
      rows += batch.size();
    }
    if (!colliding) {
      const std::string probe = text_key(random, 2 * range);
      const State* found = table.find(probe);
      REQUIRE((found != nullptr) == expected.history.contains(probe));
      if (found) REQUIRE(found->history == expected.history.at(probe));
    }
    if (operation % 4 == 3) check_equal(table, expected);
  }
  check_equal(table, expected);
}

}  // namespace

TEMPLATE_TEST_CASE("a keyed table does what a plain map does", "[keyed_table]", small_state,
                   line_state, large_state, owning_state) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    INFO("seed " << seed);
    run_integer_keys<TestType>(seed << 32);
  }
}

TEMPLATE_TEST_CASE("a text-keyed table does what a plain map does", "[text_keyed_table]",
                   small_state, line_state, large_state, owning_state) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    INFO("seed " << seed);
    run_text_keys<TestType>(seed << 32);
  }
}

}  // namespace sluice
