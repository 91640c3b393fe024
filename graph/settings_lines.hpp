#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// The lines of a configuration file, addressed as its readers do: lines from 1, columns in
/// characters (UTF-8) from 1. Views the text, which must outlive it.
class settings_lines {
 public:
  explicit settings_lines(std::string_view text);

  /// How many lines there are; at least 1.
  std::uint32_t size() const { return static_cast<std::uint32_t>(lines_.size()); }

  /// Returns the line without its end; empty beyond the last one.
  std::string_view line(std::uint32_t number) const;

  /// Returns the characters of a line from column `begin` up to, not including, `end`.
  std::string_view slice(std::uint32_t number, std::uint32_t begin, std::uint32_t end) const;

  /// Returns the column of the byte at `offset` of a line.
  std::uint32_t column(std::uint32_t number, std::size_t offset) const;

 private:
  std::vector<std::string_view> lines_;
};

}  // namespace sluice
