#include "sluice/state/directory_lock.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
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

// The process that has a lock on the file with this number. A line of /proc/locks:
// `1: FLOCK  ADVISORY  WRITE 4711 08:02:131 0 EOF`
result<std::string> locker_of(ino_t file) {
  std::ifstream locks{"/proc/locks"};
  if (!locks) return os_error("cannot open /proc/locks", errno);
  for (std::string line; std::getline(locks, line);) {
    std::istringstream words{line};
    std::string number, kind, advisory, mode, process, place;
    words >> number >> kind >> advisory >> mode >> process >> place;
    if (kind == "FLOCK" && place.substr(place.rfind(':') + 1) == std::to_string(file))
      return process;
  }
  return std::string{};
}

}  // namespace

result<int> directory_lock::holder_of(const std::string& directory) {
  const file_descriptor held{::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  struct stat about {};
  if (!held || ::fstat(held.number(), &about) != 0)
    return os_error("cannot open directory " + directory, errno);
  auto locker = locker_of(about.st_ino);
  if (!locker) return locker.failure();
  if (locker.value().empty()) return 0;
  int process = 0;
  const std::string& text = locker.value();
  std::from_chars(text.data(), text.data() + text.size(), process);
  // A file of the same number elsewhere, or a process that has not yet said who it is.
  if (process <= 0 || number_of_holder(held.number()) != text)
    return error{error_code::unavailable, "it cannot be told who uses " + directory + ": process " +
                                              text + " has it locked, and does not say so itself"};
  return process;
}

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
