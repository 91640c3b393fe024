#include "sluice/state/file_descriptor.hpp"

#include <cctype>
#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace sluice {

file_descriptor::~file_descriptor() {
  if (number_ >= 0) ::close(number_);
}

namespace {

error_code code_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return error_code::not_found;
    case EACCES:
    case EPERM:
    case EROFS:
    case EEXIST:
    case ECONNREFUSED:
      return error_code::refused;
    case ENOSPC:
    case EDQUOT:
      return error_code::no_space;
    case ECONNRESET:
    case EPIPE:
    case ETIMEDOUT:
    case ENETUNREACH:
    case EHOSTUNREACH:
      return error_code::unavailable;
    default:
      return error_code::failed;
  }
}

}  // namespace

error os_error(const std::string& what, int number) {
  std::string reason = std::generic_category().message(number);
  if (!reason.empty())
    reason[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(reason[0])));
  return {code_of(number), what + " (" + reason + ")"};
}

result<void> write_all(const file_descriptor& file, std::string_view bytes,
                       const std::string& name) {
  while (!bytes.empty()) {
    const auto n = ::write(file.number(), bytes.data(), bytes.size());
    if (n > 0)
      bytes.remove_prefix(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      return os_error("cannot write " + name, errno);
  }
  return {};
}

}  // namespace sluice
