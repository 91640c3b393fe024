#pragma once

#include <cerrno>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace sluice::bench {

/// A `T` that several processes see: the file `path`, mapped. Made by the first one, zeroed; the
/// others open it. `T` is made of lock-free atomics, which are 0 in zeroed memory.
template <class T>
class shared_block {
 public:
  explicit shared_block(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ::ftruncate(file, sizeof(T)) != 0)
      throw std::system_error(errno, std::generic_category(), path);
    void* const at = ::mmap(nullptr, sizeof(T), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    ::close(file);
    if (at == MAP_FAILED) throw std::system_error(errno, std::generic_category(), path);
    at_ = static_cast<T*>(at);
  }
  ~shared_block() { ::munmap(at_, sizeof(T)); }
  shared_block(const shared_block&) = delete;
  shared_block& operator=(const shared_block&) = delete;

  T* operator->() const { return at_; }
  T& operator*() const { return *at_; }

 private:
  T* at_ = nullptr;
};

}  // namespace sluice::bench
