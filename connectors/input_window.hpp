#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

#include "sluice/connectors/byte_source.hpp"

namespace sluice {

/// The part of an input that has been read and not yet used, in one piece.
///
///   |---- used ----|------- rest() -------|-- not read yet --
///                  ^ offset()
///
/// `padding` bytes behind `rest()` may be read (not used): the first is 0 once something has been
/// read, as the JSON reader looks whether a bracket stands there; the others mean nothing.
class input_window {
 public:
  static constexpr std::size_t padding = 64;
  static constexpr std::size_t default_block = 256 * 1024;

  /// Reads `block` bytes at a time.
  explicit input_window(std::unique_ptr<byte_source> bytes, std::size_t block = default_block);

  /// Valid until the next `fill`.
  std::string_view rest() const { return {room_.get() + from_, to_ - from_}; }
  std::uint64_t offset() const { return offset_; }  ///< Of `rest()` in the input, in bytes.
  /// True if nothing follows `rest()`.
  bool ended() const { return ended_; }

  /// Takes `bytes` off the front of `rest()`; there must be as many.
  void use(std::size_t bytes) {
    from_ += bytes;
    offset_ += bytes;
  }

  /// Reads more behind `rest()`: a block, or as much again as is there, so that looking at a long
  /// row from its start after each `fill` takes linear time.
  result<bytes_state> fill();

  /// Uses up the UTF-8 byte order mark, if the input begins with one.
  result<void> skip_byte_order_mark();

  /// Goes on at byte `offset` of the input.
  result<void> seek(std::uint64_t offset);

  const byte_source& bytes() const { return *bytes_; }

 private:
  void make_room(std::size_t bytes);

  std::unique_ptr<byte_source> bytes_;
  std::size_t block_;
  std::unique_ptr<char[]> room_;
  std::size_t size_ = 0;  // of room_, without padding
  std::size_t from_ = 0;
  std::size_t to_ = 0;
  std::uint64_t offset_ = 0;
  bool ended_ = false;
};

}  // namespace sluice
