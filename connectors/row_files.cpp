#include "sluice/connectors/row_files.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

#include "sluice/connectors/committed_files.hpp"
#include "sluice/connectors/file_name_parts.hpp"
#include "sluice/connectors/output_file.hpp"
#include "sluice/state/posix_files.hpp"

namespace sluice {

namespace {

class row_file final : public sink_writer {
 public:
  row_file(output_file file, const row_format& format) : file_(std::move(file)), format_(format) {}

  result<void> begin(const schema& fields) {
    if (format_.head) format_.head(file_.buffer(), fields);
    return file_.flush();
  }

  result<void> write(const column_batch& rows) override {
    for (std::size_t row = 0; row < rows.size(); ++row) {
      format_.row(file_.buffer(), rows, row);
      if (auto written = file_.written(); !written) return written;
    }
    return {};
  }

  result<void> flush(epoch_id) override { return file_.flush(); }
  result<void> close() override { return file_.flush(); }

 private:
  output_file file_;
  row_format format_;
};

std::string part_name(std::size_t instance, std::string_view extension) {
  return part_of(instance) + std::string(extension);
}

bool is_part(std::string_view name, std::string_view extension) {
  constexpr std::size_t digits_at = 5, digits = 5;
  return name.size() == digits_at + digits + extension.size() && name.starts_with("part-") &&
         name.ends_with(extension) &&
         std::all_of(name.begin() + digits_at, name.begin() + digits_at + digits,
                     [](char c) { return c >= '0' && c <= '9'; });
}

// Removes the parts of instances there were in an earlier run and are no more: whoever reads the
// folder would take them for rows of this one.
std::error_code remove_parts_behind(const std::filesystem::path& folder, std::size_t instances,
                                    std::string_view extension) {
  std::error_code failed;
  const std::string first_left = part_name(instances, extension);
  for (auto entry = std::filesystem::directory_iterator(folder, failed);
       !failed && entry != std::filesystem::directory_iterator{}; entry.increment(failed)) {
    const std::string name = entry->path().filename().string();
    if (!is_part(name, extension) || name < first_left) continue;
    std::filesystem::remove(entry->path(), failed);
    if (failed) break;
  }
  return failed;
}

error one_for_several(const std::string& path, const sink_context& at) {
  return {error_code::failed, "one file for " + std::to_string(at.instances) + " instances of " +
                                  at.stage + ", give a folder instead: " + path};
}

// The nearest folder above `path` that there is; `.` if there is none.
std::filesystem::path folder_there(const std::filesystem::path& path) {
  std::error_code ignored;
  std::filesystem::path folder = path.parent_path();
  while (!folder.empty() && !std::filesystem::exists(folder, ignored) &&
         folder != folder.parent_path())
    folder = folder.parent_path();
  return folder.empty() ? "." : folder;
}

}  // namespace

bool is_one_file(std::string_view path, std::string_view extension) {
  return path.ends_with(extension);
}

result<std::unique_ptr<sink_writer>> open_row_file(const std::string& path, const sink_context& at,
                                                   const row_format& format) {
  std::string name = path;
  const bool one_file = is_one_file(path, format.extension);
  if (at.commits && !one_file) {
    auto folder = open_posix_files(path);
    if (!folder) return folder.failure();
    return std::make_unique<committed_files>(std::move(folder).value(), at, format);
  }
  if (!one_file) {
    std::error_code failed;
    std::filesystem::create_directories(path, failed);
    if (!failed) failed = remove_parts_behind(path, at.instances, format.extension);
    if (failed) return os_error("cannot prepare folder " + path, failed.value());
    name = (std::filesystem::path(path) / part_name(at.instance, format.extension)).string();
  } else if (at.instances > 1) {
    return one_for_several(path, at);
  }
  auto file = output_file::create(std::move(name));
  if (!file) return file.failure();
  auto writer = std::make_unique<row_file>(std::move(file).value(), format);
  if (auto begun = writer->begin(*at.fields); !begun) return begun.failure();
  return std::unique_ptr<sink_writer>{std::move(writer)};
}

result<void> try_row_file(const std::string& path, const sink_context& at,
                          std::string_view extension) {
  const bool one_file = is_one_file(path, extension);
  if (one_file && at.instances > 1) return one_for_several(path, at);
  const std::string wrong = (one_file ? "cannot open " : "cannot prepare folder ") + path;
  std::error_code ignored;
  const bool there = std::filesystem::exists(path, ignored);
  if (there && one_file == std::filesystem::is_directory(path, ignored))
    return os_error(wrong, one_file ? EISDIR : ENOTDIR);
  // A file needs its folder; a folder is made with all above it.
  std::filesystem::path target = path;
  if (!there) target = one_file ? target.parent_path() : folder_there(target);
  if (target.empty()) target = ".";
  if (::access(target.c_str(), W_OK) != 0) return os_error(wrong, errno);
  if (!there && !std::filesystem::is_directory(target, ignored)) return os_error(wrong, ENOTDIR);
  return {};
}

result<bool> row_files_show(const std::string& path, const decided_epoch& of,
                            std::string_view extension) {
  if (of.prepared.empty()) return false;
  const auto staged = std::filesystem::path(path) / staged_file_name(of, extension);
  std::error_code failed;
  const bool there = std::filesystem::exists(staged, failed);
  if (failed) return os_error("cannot look for " + staged.string(), failed.value());
  return !there;
}

std::string describe_row_files(std::string_view kind, const std::string& path,
                               std::string_view extension) {
  if (is_one_file(path, extension)) return std::string(kind) + " file, " + path;
  return std::string(kind) + " files, " +
         (std::filesystem::path(path) / ("part-*" + std::string(extension))).string();
}

}  // namespace sluice
