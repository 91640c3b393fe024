#include "sluice/links/key_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <optional>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice/links/curve_keys.hpp"

namespace sluice {

namespace {

constexpr mode_t right_mode = 0600;
constexpr std::size_t most_bytes = 1'024;

class descriptor {
 public:
  explicit descriptor(int number) : number_(number) {}
  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

error failed(const std::string& what, const std::string& path, int number) {
  const error_code code = number == ENOENT                       ? error_code::not_found
                          : number == EACCES || number == EEXIST ? error_code::refused
                          : number == ENOSPC                     ? error_code::no_space
                                                                 : error_code::failed;
  return {code, what + ": " + path + " (" + std::strerror(number) + ")"};
}

std::string octal(mode_t mode) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04o", static_cast<unsigned>(mode & 07777));
  return text.data();
}

std::string directory_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == path.npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::optional<error> unsafe_directory(const std::string& path) {
  const std::string directory = directory_of(path);
  struct stat found {};
  if (::stat(directory.c_str(), &found) != 0)
    return failed("cannot look at the directory of a key file", directory, errno);
  if ((found.st_mode & S_IWOTH) != 0 && (found.st_mode & S_ISVTX) == 0)
    return error{error_code::refused, "everyone may write to the directory of a key file: " +
                                          directory + " (mode " + octal(found.st_mode) + ")"};
  return std::nullopt;
}

bool written(int file, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(file, text.data() + done, text.size() - done);
    if (n < 0 && errno != EINTR) return false;
    if (n > 0) done += static_cast<std::size_t>(n);
  }
  return ::fsync(file) == 0;
}

}  // namespace

result<void> write_key_file(const std::string& path, const node_key& key) {
  if (auto unsafe = unsafe_directory(path)) return *unsafe;
  const descriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, right_mode));
  if (file.number() < 0) return failed("cannot write key file", path, errno);
  // The user's mask may have taken bits away.
  if (::fchmod(file.number(), right_mode) != 0 || !written(file.number(), key_file_text(key))) {
    const int number = errno;
    ::unlink(path.c_str());
    return failed("cannot write key file", path, number);
  }
  const descriptor directory(::open(directory_of(path).c_str(), O_RDONLY | O_CLOEXEC));
  if (directory.number() < 0 || ::fsync(directory.number()) != 0)
    return failed("cannot write key file", path, errno);
  return {};
}

result<node_key> read_key_file(const std::string& path) {
  if (auto unsafe = unsafe_directory(path)) return *unsafe;
  // Of what is no regular file nothing is read, nor waited for.
  const descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (file.number() < 0) return failed("cannot open key file", path, errno);
  struct stat found {};
  if (::fstat(file.number(), &found) != 0) return failed("cannot open key file", path, errno);
  const auto refused = [&path](const std::string& why) {
    return error{error_code::refused, "key file is not to be trusted: " + path + " (" + why + ")"};
  };
  if (!S_ISREG(found.st_mode)) return refused("no regular file");
  if ((found.st_mode & 07777) != right_mode)
    return refused("mode " + octal(found.st_mode) + ", must be " + octal(right_mode));
  if (found.st_uid != ::geteuid()) return refused("of another user");
  std::array<char, most_bytes + 1> bytes{};
  const ssize_t size = ::read(file.number(), bytes.data(), bytes.size());
  if (size < 0) return failed("cannot read key file", path, errno);
  const auto malformed = [&path](const std::string& why) {
    return error{error_code::malformed, "not a key file: " + path + " (" + why + ")"};
  };
  if (static_cast<std::size_t>(size) > most_bytes) return malformed("too long");
  auto key = read_key_file_text({bytes.data(), static_cast<std::size_t>(size)});
  if (!key) return malformed(key.failure().message);
  if (!belong_together(key.value().keys))
    return malformed("its public and its secret half do not belong together");
  return key;
}

}  // namespace sluice
