#include "sluice/state/slot_memory.hpp"

#include <cstdint>
#include <new>

#include <sys/mman.h>

namespace sluice {
namespace {

constexpr std::size_t huge_page = std::size_t{2} << 20;

std::byte* map(std::size_t bytes) {
  void* begin = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (begin == MAP_FAILED) throw std::bad_alloc{};
  return static_cast<std::byte*>(begin);
}

// mmap aligns to small pages only, so one huge page more is reserved and both ends are given back.
std::byte* map_huge(std::size_t bytes) {
  std::byte* begin = map(bytes + huge_page);
  const std::size_t before =
      (huge_page - reinterpret_cast<std::uintptr_t>(begin) % huge_page) % huge_page;
  if (before > 0) ::munmap(begin, before);
  begin += before;
  if (before < huge_page) ::munmap(begin + bytes, huge_page - before);
  ::madvise(begin, bytes, MADV_HUGEPAGE);  // a wish; a kernel without huge pages is only slower
  return begin;
}

std::size_t rounded(std::size_t bytes, std::size_t unit) {
  return (bytes + unit - 1) / unit * unit;
}

std::size_t mapped(std::size_t bytes) {
  return rounded(bytes, bytes >= slot_memory::huge_from ? huge_page : std::size_t{4096});
}

}  // namespace

slot_memory::slot_memory(std::size_t bytes)
    : memory_{bytes >= huge_from ? map_huge(mapped(bytes)) : map(mapped(bytes)), unmap{bytes}} {}

void slot_memory::unmap::operator()(void* begin) const noexcept { ::munmap(begin, mapped(bytes)); }

}  // namespace sluice
