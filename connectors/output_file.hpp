#pragma once

#include <cstddef>
#include <string>

#include "sluice/state/file_descriptor.hpp"

namespace sluice {

/// A file being written, through a buffer.
class output_file {
 public:
  static constexpr std::size_t block = 256 * 1024;

  /// Makes `path` an empty file. Errors: `cannot open PATH (reason)`.
  static result<output_file> create(std::string path);

  /// What is to be written next; append to it, then call `written`.
  std::string& buffer() { return buffer_; }
  /// Hands the buffer to the operating system if a block is full.
  result<void> written() { return buffer_.size() < block ? result<void>{} : flush(); }
  result<void> flush();

 private:
  output_file(file_descriptor file, std::string path);

  file_descriptor file_;
  std::string path_;
  std::string buffer_;
};

}  // namespace sluice
