#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "sluice/connectors/input_window.hpp"

namespace sluice {

enum class line_state {
  line,       ///< `text` is a line.
  over_long,  ///< `text` is the first `line_splitter::kept` bytes, or fewer, of a line over the
              ///< limit.
  blocked,    ///< No whole line is there yet.
  end,        ///< Nothing follows.
};

/// A line without its end. Valid until the next call of `next`.
struct input_line {
  line_state state = line_state::end;
  std::string_view text;
  std::uint64_t offset = 0;  ///< Of its first byte in the input.
  std::uint64_t number = 0;  ///< From 1.
};

/// Splits an input into lines, which end in LF or CRLF; the last one need not end.
class line_splitter {
 public:
  static constexpr std::size_t kept = 4096;

  /// Lines over `limit` bytes, line end not counted, are skipped without being held in memory.
  explicit line_splitter(std::size_t limit) : limit_(limit) {}

  /// The next line of `in`, which must be the same at every call until `restart`.
  result<input_line> next(input_window& in);
  /// A new input follows, or the same one behind line `line`: lines count on from there.
  void restart(std::uint64_t line = 0) {
    *this = line_splitter{limit_};
    number_ = line;
  }
  /// Where the next line of `in` begins, in bytes; the number of the line before it.
  std::uint64_t offset(const input_window& in) const { return in.offset() + used_; }
  std::uint64_t number() const { return number_; }

 private:
  input_line finish(input_window& in, std::size_t length, std::size_t used);
  void keep(std::string_view part);

  std::size_t limit_;
  std::uint64_t number_ = 0;  // of the line given last
  std::size_t used_ = 0;      // bytes of the line given last, end included
  std::size_t searched_ = 0;  // bytes of the rest that hold no line end
  bool skipping_ = false;
  std::string start_;  // of the line being skipped
  std::uint64_t start_offset_ = 0;
};

}  // namespace sluice
