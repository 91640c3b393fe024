#pragma once

#include <cstddef>
#include <memory>

namespace sluice {

/// Owns the zeroed memory a table's slots live in.
///
/// Aligned to a cache line; above `huge_from` bytes aligned to, and asked to be made of, huge
/// pages, because a probe of a large table otherwise misses the TLB as well as the cache. Pages are
/// made when they are first written.
class slot_memory {
 public:
  /// Size in bytes above which huge pages pay.
  static constexpr std::size_t huge_from = std::size_t{4} << 20;

  slot_memory() = default;

  /// Reserves `bytes` bytes, all zero. Throws `std::bad_alloc` if the system has none.
  explicit slot_memory(std::size_t bytes);

  /// First byte; null if nothing was reserved. Valid for the life of the object.
  void* data() const { return memory_.get(); }

  /// Size in bytes, as asked for.
  std::size_t bytes() const { return memory_ ? memory_.get_deleter().bytes : 0; }

 private:
  struct unmap {
    std::size_t bytes;
    void operator()(void* begin) const noexcept;
  };

  std::unique_ptr<void, unmap> memory_;
};

}  // namespace sluice
