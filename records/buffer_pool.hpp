#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace sluice {

class buffer_pool;

/// A 64-byte-aligned piece of memory that goes back to its pool when it is no longer needed.
/// Move-only.
class buffer {
 public:
  buffer() = default;
  buffer(buffer&& other) noexcept { swap(other); }
  buffer& operator=(buffer&& other) noexcept {
    swap(other);
    return *this;
  }
  ~buffer();

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }  ///< Bytes.
  explicit operator bool() const { return data_ != nullptr; }

 private:
  friend class buffer_pool;
  struct shelves;
  void swap(buffer& other) noexcept;

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::shared_ptr<shelves> home_;  // outlives the pool while buffers are out
};

/// Hands out buffers by size class and takes them back, so that a running graph allocates nothing.
///
///   buffer_pool pool;
///   buffer b = pool.take(100'000);   // 128 KiB; back on its shelf when `b` ends
///
/// Copies share one set of shelves. Thread-safe.
class buffer_pool {
 public:
  buffer_pool();

  /// Returns a buffer of at least `bytes` bytes, uninitialised.
  buffer take(std::size_t bytes) const;

  /// Buffers that had to be allocated so far: constant in steady state.
  std::uint64_t allocations() const;
  /// Bytes of all buffers, out or on the shelf.
  std::uint64_t bytes() const;

 private:
  std::shared_ptr<buffer::shelves> shelves_;
};

}  // namespace sluice
