#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace sluice {

/// A text owned by a `text_arena`: one pointer, to its size and bytes. Null until assigned.
class kept_text {
 public:
  kept_text() = default;

  /// True if a text was assigned, be it an empty one.
  bool assigned() const { return begin_ != nullptr; }

  /// The text, if assigned; valid until its arena is cleared or destroyed.
  std::string_view view() const {
    std::uint32_t size;
    std::memcpy(&size, begin_, sizeof size);
    return {begin_ + sizeof size, size};
  }

 private:
  friend class text_arena;
  explicit kept_text(const char* begin) : begin_{begin} {}

  const char* begin_ = nullptr;
};

/// Owns the bytes of many texts that all end together.
///
///   | size 4 | bytes | size 4 | bytes | …    in blocks of 64 KiB; larger texts get a block each
class text_arena {
 public:
  /// Copies `text`, which must be shorter than 4 GiB.
  kept_text keep(std::string_view text);

  /// Ends every text kept; one block stays for the next.
  void clear();

  /// Bytes of all blocks.
  std::size_t bytes() const { return bytes_; }

 private:
  struct block {
    std::unique_ptr<char[]> memory;
    std::size_t size = 0;
  };

  std::vector<block> blocks_;
  char* free_ = nullptr;  // rest of the block being filled
  std::size_t left_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace sluice
