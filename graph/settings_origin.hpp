#pragma once

#include <cstdint>
#include <string>

namespace sluice {

/// Who may give a setting, in rising precedence. Among files the later one wins, within code the
/// later call, on the command line the later flag.
enum class setting_layer : std::uint8_t { standard, code, file, environment, command_line };

/// A line of the program. Used as a default argument it is the line of the call:
/// `void f(call_site where = call_site::current())`. It takes the place of `std::source_location`,
/// which clang 14 has not; one of those converts to it.
class call_site {
 public:
  template <class Location>
  requires requires(const Location& at) {
    at.file_name();
    at.line();
  }
  constexpr call_site(const Location& at)
      : file_name_(at.file_name()), line_(static_cast<std::uint32_t>(at.line())) {}

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

/// Where a setting was given.
struct setting_origin {
  setting_layer layer = setting_layer::standard;
  std::string name;        ///< file, source file, environment variable or flag; empty for a default
  std::uint32_t line = 0;  ///< from 1; 0 where there is none
  std::uint32_t column = 0;  ///< in characters, from 1; 0 where there is none
  std::string key;           ///< as spelled there, such as `blink.miniBatch.size`

  bool operator==(const setting_origin&) const = default;
};

/// Returns the place alone: `fraud.toml:2:31`, `main.cpp:12`, `SLUICE_BATCH_ROWS`, `--set
/// batch.rows=1`, or `default`.
std::string place(const setting_origin& origin);

}  // namespace sluice
