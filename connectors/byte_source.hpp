#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "sluice/records/result.hpp"

namespace sluice {

/// What a read of bytes came to.
enum class bytes_state {
  some,     ///< `count` bytes were read, at least one.
  blocked,  ///< None now; ask again when `descriptor()` is readable.
  end,      ///< None, now and ever.
};

struct bytes_read {
  std::size_t count = 0;
  bytes_state state = bytes_state::some;
};

/// Where the bytes of an input come from: a file, a socket, memory.
class byte_source {
 public:
  virtual ~byte_source() = default;
  /// Reads at most `room.size()` bytes to the front of `room`.
  virtual result<bytes_read> read(std::span<char> room) = 0;
  /// Reads at most `room.size()` bytes from byte `offset` on, without moving on; 0 at the end.
  virtual result<std::size_t> look(std::uint64_t offset, std::span<char> room) const;
  /// The next `read` begins at byte `offset`.
  virtual result<void> seek(std::uint64_t offset);
  /// True if what is read is verified on the way: nobody need look whether it has changed.
  virtual bool verified() const { return false; }
  virtual int descriptor() const { return -1; }
  virtual std::uint64_t size() const { return 0; }  ///< Bytes in all; 0 if not known.
};

/// Opens the file `path` to be read from its beginning. Errors: `cannot open PATH (reason)`;
/// a directory is refused.
result<std::unique_ptr<byte_source>> open_file(const std::string& path);

/// Reads from a copy of `text`, at most `piece` bytes at a time.
std::unique_ptr<byte_source> memory_bytes(std::string text, std::size_t piece = SIZE_MAX);

}  // namespace sluice
