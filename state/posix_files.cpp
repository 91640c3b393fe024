#include "sluice/state/posix_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sluice/state/file_descriptor.hpp"
#include "sluice/state/file_names.hpp"

namespace sluice {

namespace {

// Calls again what a signal interrupted. Returns what the call returned.
template <class Call>
auto uninterrupted(Call call) {
  auto returned = call();
  while (returned < 0 && errno == EINTR) returned = call();
  return returned;
}

result<void> sync_descriptor(const file_descriptor& file, const std::string& path) {
  if (uninterrupted([&] { return ::fsync(file.number()); }) == 0) return {};
  error failed = os_error("cannot sync " + path, errno);
  if (failed.code == error_code::no_space) failed.code = error_code::failed;
  return failed;
}

class posix_output final : public output_port {
 public:
  posix_output(file_descriptor file, std::string path)
      : file_(std::move(file)), path_(std::move(path)) {}

  result<void> append(std::span<const char> bytes) override {
    return write_all(file_, {bytes.data(), bytes.size()}, path_);
  }
  result<void> sync() override { return sync_descriptor(file_, path_); }

 private:
  file_descriptor file_;
  std::string path_;
};

class posix_files final : public file_port {
 public:
  posix_files(file_descriptor directory, std::string place)
      : directory_(std::move(directory)), place_(std::move(place)) {}

  result<std::unique_ptr<output_port>> create(const std::string& name) override {
    return open_output("create", name, O_CREAT | O_EXCL);
  }
  result<std::unique_ptr<output_port>> append_to(const std::string& name) override {
    return open_output("open", name, 0);
  }

  result<std::string> read(const std::string& name) override {
    auto file = open("read", name, O_RDONLY);
    if (!file) return file.failure();
    std::string bytes;
    std::array<char, 65536> block{};
    while (true) {
      const auto n =
          uninterrupted([&] { return ::read(file.value().number(), block.data(), block.size()); });
      if (n < 0) return os_error("cannot read " + path(name), errno);
      if (n == 0) return bytes;
      bytes.append(block.data(), static_cast<std::size_t>(n));
    }
  }

  result<std::string> read_part(const std::string& name, std::uint64_t from,
                                std::size_t bytes) override {
    auto file = open("read", name, O_RDONLY);
    if (!file) return file.failure();
    std::string part(bytes, '\0');
    std::size_t have = 0;
    while (have < bytes) {
      const auto n = uninterrupted([&] {
        return ::pread(file.value().number(), part.data() + have, bytes - have,
                       static_cast<off_t>(from + have));
      });
      if (n < 0) return os_error("cannot read " + path(name), errno);
      if (n == 0) break;
      have += static_cast<std::size_t>(n);
    }
    part.resize(have);
    return part;
  }

  result<std::uint64_t> size(const std::string& name) override {
    if (auto usable = check_file_name(name); !usable) return usable.failure();
    struct stat about {};
    if (::fstatat(directory_.number(), name.c_str(), &about, 0) != 0)
      return os_error("cannot look at " + path(name), errno);
    return static_cast<std::uint64_t>(about.st_size);
  }

  result<void> rename(const std::string& from, const std::string& to) override {
    return rename(from, to, RENAME_NOREPLACE);
  }
  result<void> replace(const std::string& from, const std::string& to) override {
    return rename(from, to, 0);
  }

  result<void> remove(const std::string& name) override {
    if (auto usable = check_file_name(name); !usable) return usable;
    if (::unlinkat(directory_.number(), name.c_str(), 0) != 0)
      return os_error("cannot remove " + path(name), errno);
    return {};
  }

  result<void> truncate(const std::string& name, std::uint64_t bytes) override {
    auto file = open("cut", name, O_WRONLY);
    if (!file) return file.failure();
    const auto cut = [&] { return ::ftruncate(file.value().number(), static_cast<off_t>(bytes)); };
    if (uninterrupted(cut) != 0) return os_error("cannot cut " + path(name), errno);
    return {};
  }

  result<std::vector<std::string>> list() override {
    // By the open directory, as everything else here, not by its path.
    const int again = ::openat(directory_.number(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const std::unique_ptr<DIR, int (*)(DIR*)> entries{again < 0 ? nullptr : ::fdopendir(again),
                                                      &::closedir};
    if (!entries) return os_error("cannot list " + place_, errno);
    std::vector<std::string> names;
    errno = 0;
    while (const dirent* entry = ::readdir(entries.get())) {
      const std::string_view name{entry->d_name};
      if (name != "." && name != "..") names.emplace_back(name);
    }
    if (errno != 0) return os_error("cannot list " + place_, errno);
    std::sort(names.begin(), names.end());
    return names;
  }

  result<void> sync_names() override { return sync_descriptor(directory_, place_); }
  std::string place() const override { return place_; }

 private:
  std::string path(const std::string& name) const { return place_ + "/" + name; }

  result<file_descriptor> open(std::string_view verb, const std::string& name, int flags) {
    if (auto usable = check_file_name(name); !usable) return usable.failure();
    file_descriptor file{uninterrupted(
        [&] { return ::openat(directory_.number(), name.c_str(), flags | O_CLOEXEC, 0666); })};
    if (!file) return os_error("cannot " + std::string{verb} + " " + path(name), errno);
    return file;
  }

  result<std::unique_ptr<output_port>> open_output(std::string_view verb, const std::string& name,
                                                   int flags) {
    auto file = open(verb, name, flags | O_WRONLY | O_APPEND);
    if (!file) return file.failure();
    return std::make_unique<posix_output>(std::move(file).value(), path(name));
  }

  result<void> rename(const std::string& from, const std::string& to, unsigned int flags) {
    for (const auto& name : {from, to})
      if (auto usable = check_file_name(name); !usable) return usable;
    const int at = directory_.number();
    if (::renameat2(at, from.c_str(), at, to.c_str(), flags) != 0)
      return os_error("cannot rename " + path(from) + " to " + to, errno);
    return {};
  }

  file_descriptor directory_;
  std::string place_;
};

result<file_descriptor> open_directory(const std::string& path) {
  file_descriptor directory{
      uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); })};
  if (!directory) return os_error("cannot open directory " + path, errno);
  return directory;
}

// A directory is an entry of the one above: without syncing that it may be gone after a crash, with
// all that was synced in it.
result<void> make_directory(const std::filesystem::path& path) {
  std::error_code unknown;
  if (path.empty() || std::filesystem::is_directory(path, unknown)) return {};
  const auto above = path.parent_path();
  if (auto made = make_directory(above); !made) return made;
  if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST)
    return os_error("cannot make directory " + path.string(), errno);
  const std::string parent = above.empty() ? "." : above.string();
  auto opened = open_directory(parent);
  return opened ? sync_descriptor(opened.value(), parent) : result<void>{opened.failure()};
}

}  // namespace

result<std::unique_ptr<file_port>> open_posix_files(const std::string& directory) {
  const auto path = std::filesystem::path{directory}.lexically_normal();
  // A trailing slash would name the directory twice.
  if (auto made = make_directory(path.has_filename() ? path : path.parent_path()); !made)
    return made.failure();
  auto opened = open_directory(directory);
  if (!opened) return opened.failure();
  return std::make_unique<posix_files>(std::move(opened).value(), directory);
}

}  // namespace sluice
