#include "sluice/state/key_groups.hpp"

#include <vector>

#include "sluice/records/hash.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice {

TEST_CASE("every key group has one owner for every parallelism", "[key_groups]") {
  for (std::size_t parallelism = 1; parallelism <= key_group_count; ++parallelism) {
    std::vector<std::size_t> owners(key_group_count, key_group_count);
    for (std::size_t instance = 0; instance < parallelism; ++instance) {
      const key_group_range range = groups_of(instance, parallelism);
      CHECK(range.size() >= key_group_count / parallelism);
      CHECK(range.size() <= key_group_count / parallelism + 1);
      for (key_group group = range.first; group < range.end; ++group) {
        CHECK(owners[group] == key_group_count);
        owners[group] = instance;
      }
    }
    for (key_group group = 0; group < key_group_count; ++group) {
      CHECK(owner(group, parallelism) == owners[group]);
    }
  }
}

TEST_CASE("the group of a key is the top of its hash", "[key_groups]") {
  CHECK(group_of(0) == 0);
  CHECK(group_of(0x00ffffffffffffff) == 0);
  CHECK(group_of(0x7f00000000000000) == 127);
  CHECK(group_of(~std::uint64_t{0}) == 255);
}

TEST_CASE("consecutive keys spread evenly over the groups", "[key_groups]") {
  std::vector<int> rows(key_group_count);
  for (std::uint64_t key = 0; key < 256'000; ++key) ++rows[group_of(hash_key(key))];
  for (const int n : rows) {
    CHECK(n > 800);
    CHECK(n < 1200);
  }
}

}  // namespace sluice
