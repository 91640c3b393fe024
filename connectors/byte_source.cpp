#include "sluice/connectors/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice/state/file_descriptor.hpp"

namespace sluice {

namespace {

class file_bytes final : public byte_source {
 public:
  file_bytes(file_descriptor file, std::string path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  result<bytes_read> read(std::span<char> room) override {
    for (;;) {
      const auto n = ::read(file_.number(), room.data(), room.size());
      if (n > 0) return bytes_read{static_cast<std::size_t>(n), bytes_state::some};
      if (n == 0) return bytes_read{0, bytes_state::end};
      if (errno != EINTR) return os_error("cannot read " + path_, errno);
    }
  }

  result<std::size_t> look(std::uint64_t offset, std::span<char> room) const override {
    for (std::size_t done = 0;;) {
      const auto n = ::pread(file_.number(), room.data() + done, room.size() - done,
                             static_cast<off_t>(offset + done));
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return os_error("cannot read " + path_, errno);
      done += static_cast<std::size_t>(n);
      if (n == 0 || done == room.size()) return done;
    }
  }
  result<void> seek(std::uint64_t offset) override {
    if (::lseek(file_.number(), static_cast<off_t>(offset), SEEK_SET) < 0)
      return os_error("cannot go to byte " + std::to_string(offset) + " of " + path_, errno);
    return {};
  }

  std::uint64_t size() const override { return size_; }

 private:
  file_descriptor file_;
  std::string path_;
  std::uint64_t size_;
};

class text_bytes final : public byte_source {
 public:
  text_bytes(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}

  result<bytes_read> read(std::span<char> room) override {
    const std::size_t n = std::min({room.size(), piece_, text_.size() - used_});
    if (n == 0) return bytes_read{0, bytes_state::end};
    std::memcpy(room.data(), text_.data() + used_, n);
    used_ += n;
    return bytes_read{n, bytes_state::some};
  }

  result<std::size_t> look(std::uint64_t offset, std::span<char> room) const override {
    return text_.copy(room.data(), room.size(), std::min<std::size_t>(offset, text_.size()));
  }
  result<void> seek(std::uint64_t offset) override {
    used_ = std::min<std::size_t>(offset, text_.size());
    return {};
  }

  std::uint64_t size() const override { return text_.size(); }

 private:
  std::string text_;
  std::size_t piece_;
  std::size_t used_ = 0;
};

}  // namespace

result<std::size_t> byte_source::look(std::uint64_t, std::span<char>) const {
  return error{error_code::failed, "what was read here cannot be read again"};
}
result<void> byte_source::seek(std::uint64_t) {
  return error{error_code::failed, "what was read here cannot be read again"};
}

result<std::unique_ptr<byte_source>> open_file(const std::string& path) {
  file_descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat about {};
  if (!file || ::fstat(file.number(), &about) != 0) return os_error("cannot open " + path, errno);
  if (S_ISDIR(about.st_mode)) return os_error("cannot open " + path, EISDIR);
  const auto size = S_ISREG(about.st_mode) ? static_cast<std::uint64_t>(about.st_size) : 0;
  return std::unique_ptr<byte_source>{std::make_unique<file_bytes>(std::move(file), path, size)};
}

std::unique_ptr<byte_source> memory_bytes(std::string text, std::size_t piece) {
  return std::make_unique<text_bytes>(std::move(text), piece);
}

}  // namespace sluice
