#include "sluice/records/hash.hpp"

#include <bit>
#include <cstdint>
#include <string>
#include <vector>

#include "sluice/tests/support/catch.hpp"

namespace sluice {

// Checkpoints and peers of other builds rely on these values: a change is a new key_hash_version.
TEST_CASE("the key hash of version 1 is fixed", "[hash]") {
  STATIC_REQUIRE(key_hash_version == 1);
  CHECK(hash_key(std::uint64_t{0}) == 0xe220a8397b1dcdaf);  // splitmix64, seed 0, first output
  CHECK(hash_key(std::uint64_t{1}) == 0x910a2dec89025cc1);
  CHECK(hash_key(~std::uint64_t{0}) == 0xe4d971771b652c20);
  CHECK(hash_key(std::string_view{}) == 0x2d06800538d394c2);  // XXH3, 64 bits, of nothing
  CHECK(hash_key(std::string_view{"a"}) == 0xe6c632b61e964e1f);
  CHECK(hash_key(std::string_view{"abc"}) == 0x78af5f94892f3950);
  CHECK(combine_hashes(1, 2) == hash_key(std::uint64_t{0x9e3779b97f4a7c15 + 2}));
}

TEST_CASE("one bit of an integer key changes about half of the hash", "[hash]") {
  for (int bit = 0; bit < 64; ++bit) {
    int changed = 0;
    for (std::uint64_t key = 0; key < 1000; ++key)
      changed += std::popcount(hash_key(key) ^ hash_key(key ^ (std::uint64_t{1} << bit)));
    CHECK(changed > 1000 * 28);
    CHECK(changed < 1000 * 36);
  }
}

TEST_CASE("the order of key fields counts", "[hash]") {
  const std::uint64_t a = hash_key(std::uint64_t{1}), b = hash_key(std::uint64_t{2});
  CHECK(combine_hashes(a, b) != combine_hashes(b, a));
  CHECK(combine_hashes(a, b) != combine_hashes(a, a));
}

}  // namespace sluice
