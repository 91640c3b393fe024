#include "sluice/state/directory_lock.hpp"

#include <array>
#include <cerrno>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace sluice {

namespace {

constexpr const char* holder = "holder";

// The number of the process that holds the lock, as it wrote it; empty if that cannot be read.
std::string number_of_holder(int directory) {
  const file_descriptor file{::openat(directory, holder, O_RDONLY | O_CLOEXEC)};
  std::array<char, 20> room{};
  const auto n = file ? ::read(file.number(), room.data(), room.size()) : -1;
  const std::string_view read{room.data(), n > 0 ? static_cast<std::size_t>(n) : 0};
  return std::string{read.substr(0, read.find_first_not_of("0123456789"))};
}

result<void> write_holder(int directory, const std::string& path) {
  const file_descriptor file{
      ::openat(directory, holder, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)};
  if (!file) return os_error("cannot open " + path, errno);
  return write_all(file, std::to_string(::getpid()) + "\n", path);
}

}  // namespace

result<directory_lock> directory_lock::take(const std::string& directory) {
  file_descriptor held{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!held) return os_error("cannot open directory " + directory, errno);
  if (::flock(held.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return os_error("cannot lock " + directory, errno);
    const std::string number = number_of_holder(held.number());
    return error{
        error_code::unavailable,
        directory + " is in use by " + (number.empty() ? "another process" : "process " + number)};
  }
  if (auto told = write_holder(held.number(), directory + "/" + holder); !told)
    return told.failure();
  return directory_lock{std::move(held)};
}

}  // namespace sluice
