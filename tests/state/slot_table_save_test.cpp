#include <map>
#include <random>
#include <string>
#include <vector>

#include "sluice/state/keyed_table.hpp"
#include "sluice/state/text_keyed_table.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

namespace {

// A table of sums by key 0 … keys - 1, and what it must hold and save.
template <class Table, class Key>
class tried_table {
 public:
  using saved_keys = std::map<Key, std::uint64_t>;

  tried_table() { table_.keep_unsaved(); }

  void add(const std::vector<Key>& keys) {
    const std::vector<typename Table::key_view> views{keys.begin(), keys.end()};
    table_.table.update(std::span{views}, [&](std::uint64_t& sum, std::size_t row) {
      sum += row + 1;
      touched_[keys[row]] = all_[keys[row]] += row + 1;
    });
  }
  void clear() {
    table_.table.clear();
    touched_.clear();
    all_.clear();
  }
  void end_interval() { table_.table.clear_changes(); }
  bool save_whole() const { return table_.table.save_whole(); }
  void reserve(std::size_t keys) { table_.table.reserve(keys); }

  // What a save gives; it must be what was touched since the last one, or everything.
  void check_save(bool whole) {
    saved_keys saved;
    std::size_t calls = 0;
    table_.table.save(whole, [&](const auto& key, const std::uint64_t& sum) {
      saved[Key{key}] = sum;
      ++calls;
    });
    CHECK(saved == (whole ? all_ : touched_));
    CHECK(calls == saved.size());
    CHECK(table_.table.changed() == 0);
    CHECK_FALSE(save_whole());
    touched_.clear();
  }

 private:
  Table table_;
  saved_keys touched_, all_;
};

struct number_table {
  using key_view = std::uint64_t;
  keyed_table<std::uint64_t> table;
  void keep_unsaved() { table.keep_unsaved(); }
};
struct text_table {
  using key_view = std::string_view;
  text_keyed_table<std::uint64_t> table;
  void keep_unsaved() { table.keep_unsaved(); }
};

using by_number = tried_table<number_table, std::uint64_t>;
using by_text = tried_table<text_table, std::string>;

std::uint64_t key_of(std::uint64_t number, const by_number&) { return number; }
std::string key_of(std::uint64_t number, const by_text&) {
  return number == 0 ? std::string{} : "key " + std::to_string(number);
}

}  // namespace

TEST_CASE("the first save is a whole one", "[slot_table]") {
  by_number table;
  CHECK(table.save_whole());
  table.check_save(true);
  table.check_save(false);
}

TEST_CASE("a save holds what several intervals have touched, once", "[slot_table]") {
  by_number table;
  table.check_save(true);
  table.add({1, 2});
  table.end_interval();
  table.add({2, 3});
  table.end_interval();
  table.end_interval();
  table.add({4});
  table.check_save(false);
  table.add({4});
  table.check_save(false);
  table.check_save(false);
}

TEST_CASE("key 0 is saved like any other", "[slot_table]") {
  by_number table;
  table.check_save(true);
  table.add({0});
  table.end_interval();
  table.check_save(false);
  table.add({1});
  table.check_save(false);
  table.check_save(true);
}

TEST_CASE("a table that has grown still knows what was touched", "[slot_table]") {
  by_number table;
  table.check_save(true);
  table.add({0, 1, 2, 3});
  table.end_interval();
  table.reserve(100'000);
  table.add({3, 4});
  table.end_interval();
  table.reserve(1'000'000);
  table.check_save(false);
}

TEST_CASE("a save after everything was forgotten is a whole one", "[slot_table]") {
  by_number table;
  table.check_save(true);
  table.add({1, 2, 3});
  table.end_interval();
  table.clear();
  CHECK(table.save_whole());
  table.add({2});
  table.check_save(true);
  table.add({1});
  table.check_save(false);
}

TEMPLATE_TEST_CASE("saves at random times hold what was touched since", "[slot_table]", by_number,
                   by_text) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO("seed " << seed);
    std::mt19937_64 random{seed};
    TestType table;
    std::uint64_t keys = 4;
    for (int step = 0; step < 120; ++step) {
      switch (random() % 8) {
        case 0:
          table.check_save(table.save_whole() || random() % 4 == 0);
          break;
        case 1:
          table.end_interval();
          break;
        case 2:
          if (random() % 6 == 0) table.clear();
          break;
        case 3:
          keys = std::min<std::uint64_t>(keys * 2, 5000);
          break;
        default: {
          std::vector<decltype(key_of(0, table))> chosen;
          for (auto left = random() % 400; left > 0; --left)
            chosen.push_back(key_of(random() % keys, table));
          table.add(chosen);
        }
      }
    }
    table.check_save(table.save_whole());
    table.check_save(true);
  }
}

}  // namespace sluice
