#include "sluice/state/slot_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <limits>
#include <new>
#include <utility>

#include "sluice/tests/support/catch.hpp"

namespace sluice {
namespace {

// Address space of this process, in pages.
std::size_t pages_mapped() {
  std::size_t pages = 0;
  std::ifstream{"/proc/self/statm"} >> pages;
  return pages;
}

}  // namespace

TEST_CASE("slot memory is zero and aligned, small and huge", "[slot_memory]") {
  for (const std::size_t bytes : {std::size_t{32}, std::size_t{4096}, std::size_t{100'000},
                                  slot_memory::huge_from, slot_memory::huge_from * 3 + 4096}) {
    const slot_memory memory{bytes};
    const auto* begin = static_cast<unsigned char*>(memory.data());
    CHECK(memory.bytes() == bytes);
    CHECK(std::all_of(begin, begin + bytes, [](unsigned char b) { return b == 0; }));
    const std::size_t alignment = bytes >= slot_memory::huge_from ? std::size_t{2} << 20 : 64;
    CHECK(reinterpret_cast<std::uintptr_t>(begin) % alignment == 0);
  }
}

TEST_CASE("slot memory moves with its owner", "[slot_memory]") {
  slot_memory from{4096};
  void* const begin = from.data();
  const slot_memory to = std::move(from);
  CHECK(to.data() == begin);
  CHECK(to.bytes() == 4096);
}

TEST_CASE("slot memory gives back what it reserved to align", "[slot_memory]") {
  const std::size_t before = pages_mapped();
  for (int i = 0; i < 50; ++i) slot_memory{slot_memory::huge_from + 1};
  CHECK(pages_mapped() - before < 512);  // one huge page
  const slot_memory held{slot_memory::huge_from};
  CHECK(pages_mapped() - before < 1024 + 512);
}

TEST_CASE("slot memory that cannot be had throws", "[slot_memory]") {
  CHECK_THROWS_AS(slot_memory{std::numeric_limits<std::size_t>::max() / 4}, std::bad_alloc);
}

}  // namespace sluice
