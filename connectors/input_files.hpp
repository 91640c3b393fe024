#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sluice/connectors/file_position.hpp"
#include "sluice/connectors/input_window.hpp"
#include "sluice/connectors/source.hpp"

namespace sluice {

/// The inputs one reader reads, one after the other, each from behind its byte order mark.
class input_files {
 public:
  /// All of `paths` must be there to be opened; opens the first.
  static result<input_files> open(std::vector<std::string> paths);
  /// One input that is open already, called `name`.
  static result<input_files> of(std::string name, std::unique_ptr<byte_source> bytes,
                                std::size_t block = input_window::default_block);

  /// The present input, null behind the last one.
  input_window* current() { return window_ ? &*window_ : nullptr; }
  const input_window* current() const { return window_ ? &*window_ : nullptr; }
  const std::string& name() const { return names_[at_]; }  ///< Of the present input.
  /// Goes on to the next input; `current()` is null if there is none.
  result<void> advance();

  /// Where byte `offset` of the present input is; behind the last input, the end. Errors: the input
  /// cannot be read, or cannot be read again.
  result<file_position> position(std::uint64_t offset) const;
  /// Goes to where an earlier reader of the same list was: to the beginning of that input, which
  /// must not have changed up to there. `enter` then goes to the byte.
  result<void> find(const file_position& position);
  result<void> enter(const file_position& position) { return window_->seek(position.offset); }

  std::uint64_t offset() const { return window_ ? window_->offset() : 0; }

  int descriptor() const { return window_ ? window_->bytes().descriptor() : -1; }
  read_progress progress() const;  ///< Bytes.

 private:
  input_files() = default;

  std::vector<std::string> names_;
  std::vector<std::uint64_t> sizes_;
  std::size_t at_ = 0;
  std::optional<input_window> window_;
};

}  // namespace sluice
