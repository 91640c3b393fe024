#include "sluice/graph/run_folder.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice/state/file_descriptor.hpp"

namespace sluice {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view name_begin = "sluice-run-";
// Made under the lock, so whoever can lock a folder that has it knows that its process is gone.
constexpr std::string_view mark = "temporary";

std::string place_of_folders() {
  const char* const chosen = std::getenv("TMPDIR");
  return chosen && *chosen ? chosen : "/tmp";
}

// Others may make what they like in a folder that all share, also links.
bool is_ours(const std::string& path) {
  struct stat about {};
  std::error_code ignored;
  return ::lstat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode) &&
         about.st_uid == ::geteuid() && fs::exists(fs::path{path} / mark, ignored);
}

void remove_left_over() {
  std::error_code ignored;
  for (fs::directory_iterator at{place_of_folders(), ignored}, end; at != end;
       at.increment(ignored)) {
    const std::string path = at->path().string();
    if (!at->path().filename().string().starts_with(name_begin) || !is_ours(path)) continue;
    if (const auto held = directory_lock::take(path)) fs::remove_all(path, ignored);
  }
}

error not_made(const std::string& path, const std::string& why) {
  return {error_code::failed, "no folder for sockets, " + path + ": " + why};
}

}  // namespace

result<run_folder> run_folder::make() {
  remove_left_over();
  std::string path = place_of_folders() + '/' + std::string(name_begin) + "XXXXXX";
  if (!::mkdtemp(path.data())) return not_made(path, std::strerror(errno));
  auto held = directory_lock::take(path);
  if (!held) return not_made(path, held.failure().message);
  run_folder made{path, std::move(held).value()};
  const std::string marked = path + '/' + std::string(mark);
  const file_descriptor file{::open(marked.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666)};
  if (!file) return not_made(marked, std::strerror(errno));
  return made;
}

run_folder::run_folder(run_folder&& other) noexcept
    : path_(std::exchange(other.path_, {})), held_(std::move(other.held_)) {}

run_folder::~run_folder() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

}  // namespace sluice
