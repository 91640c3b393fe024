#include "sluice/records/buffer_pool.hpp"

#include <array>
#include <atomic>
#include <bit>
#include <mutex>
#include <new>
#include <utility>
#include <vector>

namespace sluice {

namespace {

constexpr std::align_val_t alignment{64};
constexpr std::size_t smallest = 1024;

// Four classes to a power of two: at most a quarter of a buffer is slack.
std::size_t round_up(std::size_t bytes) {
  if (bytes <= smallest) return smallest;
  const std::size_t step = std::bit_ceil(bytes) / 8;
  return (bytes + step - 1) / step * step;
}

std::size_t class_of(std::size_t size) {
  const std::size_t top = std::bit_width(size) - 1;
  return top * 4 + ((size >> (top - 2)) & 3);
}

}  // namespace

struct buffer::shelves {
  std::mutex mutex;
  std::array<std::vector<std::byte*>, 64 * 4> free;
  std::atomic<std::uint64_t> allocations{0};
  std::atomic<std::uint64_t> bytes{0};

  ~shelves() {
    for (auto& shelf : free)
      for (std::byte* data : shelf) ::operator delete(data, alignment);
  }
};

buffer::~buffer() {
  if (!data_) return;
  const std::lock_guard lock(home_->mutex);
  home_->free[class_of(size_)].push_back(data_);
}

void buffer::swap(buffer& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(home_, other.home_);
}

buffer_pool::buffer_pool() : shelves_(std::make_shared<buffer::shelves>()) {}

buffer buffer_pool::take(std::size_t bytes) const {
  buffer taken;
  taken.size_ = round_up(bytes);
  taken.home_ = shelves_;
  {
    const std::lock_guard lock(shelves_->mutex);
    auto& shelf = shelves_->free[class_of(taken.size_)];
    if (!shelf.empty()) {
      taken.data_ = shelf.back();
      shelf.pop_back();
      return taken;
    }
  }
  taken.data_ = static_cast<std::byte*>(::operator new(taken.size_, alignment));
  ++shelves_->allocations;
  shelves_->bytes += taken.size_;
  return taken;
}

std::uint64_t buffer_pool::allocations() const { return shelves_->allocations; }
std::uint64_t buffer_pool::bytes() const { return shelves_->bytes; }

}  // namespace sluice
