#include "sluice/connectors/output_file.hpp"

#include <cerrno>
#include <utility>

#include <fcntl.h>

namespace sluice {

output_file::output_file(file_descriptor file, std::string path)
    : file_(std::move(file)), path_(std::move(path)) {}

result<output_file> output_file::create(std::string path) {
  file_descriptor file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
  if (!file) return os_error("cannot open " + path, errno);
  return output_file{std::move(file), std::move(path)};
}

result<void> output_file::flush() {
  auto done = write_all(file_, buffer_, path_);
  buffer_.clear();
  return done;
}

}  // namespace sluice
