#pragma once

#include <cstdint>

namespace sluice {

/// A line of the program. Used as a default argument it is the line of the call:
/// `void f(call_site where = call_site::current())`. It takes the place of `std::source_location`,
/// which clang 14 has not.
class call_site {
 public:
  static constexpr call_site current(const char* file_name = __builtin_FILE(),
                                     std::uint32_t line = __builtin_LINE()) {
    return call_site(file_name, line);
  }

  /// As the compiler was given it, with its folders; lives as long as the program.
  constexpr const char* file_name() const { return file_name_; }
  /// From 1.
  constexpr std::uint32_t line() const { return line_; }

 private:
  constexpr call_site(const char* file_name, std::uint32_t line)
      : file_name_(file_name), line_(line) {}

  const char* file_name_;
  std::uint32_t line_;
};

}  // namespace sluice
