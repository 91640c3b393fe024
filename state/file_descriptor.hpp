#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "sluice/records/result.hpp"

namespace sluice {

/// Owns an open file descriptor and closes it. Move-only.
class file_descriptor {
 public:
  file_descriptor() = default;
  explicit file_descriptor(int number) : number_(number) {}
  file_descriptor(file_descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  file_descriptor& operator=(file_descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~file_descriptor();

  int number() const { return number_; }  ///< -1 if there is none.
  explicit operator bool() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

/// The operating system's error `number` (errno) as ours: `cannot open a.csv (no such file or
/// directory)`.
error os_error(const std::string& what, int number);

/// Writes all of `bytes` to `file`, which is called `name` in errors: `cannot write NAME (reason)`.
result<void> write_all(const file_descriptor& file, std::string_view bytes,
                       const std::string& name);

}  // namespace sluice
