#include "sluice/state/text_arena.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "sluice/records/assert.hpp"

namespace sluice {
namespace {

constexpr std::size_t block_size = std::size_t{64} << 10;

}  // namespace

kept_text text_arena::keep(std::string_view text) {
  SLUICE_ASSERT(text.size() <= std::numeric_limits<std::uint32_t>::max(),
                "a text key is shorter than 4 GiB");
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::size_t needed = sizeof size + text.size();
  char* begin = free_;
  if (needed <= left_) {
    free_ += needed;
    left_ -= needed;
  } else {
    const std::size_t fresh = std::max(needed, block_size);
    blocks_.push_back({std::make_unique_for_overwrite<char[]>(fresh), fresh});
    bytes_ += fresh;
    begin = blocks_.back().memory.get();
    // A large text fills its block alone; the block being filled stays in use.
    if (fresh == block_size) {
      free_ = begin + needed;
      left_ = fresh - needed;
    }
  }
  std::memcpy(begin, &size, sizeof size);
  if (!text.empty()) std::memcpy(begin + sizeof size, text.data(), text.size());
  return kept_text{begin};
}

void text_arena::clear() {
  const auto usual = std::find_if(blocks_.begin(), blocks_.end(),
                                  [](const block& b) { return b.size == block_size; });
  if (usual == blocks_.end()) {
    blocks_.clear();
    free_ = nullptr;
    left_ = 0;
  } else {
    std::swap(blocks_.front(), *usual);
    blocks_.resize(1);
    free_ = blocks_.front().memory.get();
    left_ = block_size;
  }
  bytes_ = left_;
}

}  // namespace sluice
