#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/committed_table.hpp"
#include "sluice/connectors/staging_folder.hpp"
#include "sluice/connectors/table_columns.hpp"
#include "sluice/tests/connectors/broken_sink.hpp"
#include "sluice/tests/connectors/counting_ports.hpp"
#include "sluice/tests/connectors/temporary_folder.hpp"

namespace sluice::test {

/// Names of the files in and below `folder`.
inline std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (std::filesystem::recursive_directory_iterator at{folder, none}, end; at != end; ++at)
    if (at->is_regular_file()) names.push_back(at->path().filename().string());
  return names;
}

/// A table of a database under the kit, in a sink made as the shipped ones are, but with every step
/// to its files and its database counted, and with a bug if one is wanted. Databases say the rest.
class rehearsed_table {
 public:
  sink_under_test sink;

  virtual ~rehearsed_table() = default;
  rehearsed_table(const rehearsed_table&) = delete;
  rehearsed_table& operator=(const rehearsed_table&) = delete;

 protected:
  /// Rows are staged in `folder`, in `staged_in`.
  rehearsed_table(const std::string& staged_in, row_format format, sink_bug bug)
      : staging_(folder.path(staged_in)), format_(format), bug_(bug) {
    sink.open = [this](const sink_context& at) { return open(at); };
    sink.visible = [this] { return visible(); };
    sink.prepared = [this]() -> result<std::vector<std::string>> { return files_below(staging_); };
    sink.crash_after = [this](std::size_t steps) { count_.set(steps); };
    sink.clear = [this] {
      std::filesystem::remove_all(staging_);
      clear();
    };
  }

  /// The table, made if need be.
  virtual result<std::shared_ptr<transaction_port>> table(const sink_context& at) = 0;
  virtual result<std::vector<visible_row>> visible() = 0;
  virtual void clear() = 0;

  temporary_folder folder{folder_in_memory()};

 private:
  result<std::unique_ptr<sink_writer>> open(const sink_context& at) {
    auto opened = table(at);
    if (!opened) return opened.failure();
    auto writer = std::make_unique<committed_table>(committed_table::parts{
        .at = at,
        .format = format_,
        .refuse = check_texts,
        .folder = [this, make = staging_folder(staging_, at.stage)](
                      const job_id& job) -> result<std::shared_ptr<file_port>> {
          auto made = make(job);
          if (!made) return made;
          return std::shared_ptr<file_port>{
              std::make_shared<counting_files>(std::move(made).value(), count_)};
        },
        .table = std::make_shared<counting_table>(std::move(opened).value(), count_,
                                                  bug_ == sink_bug::commits_twice)});
    if (bug_ == sink_bug::none) return writer;
    return std::make_unique<broken_sink>(std::move(writer), bug_);
  }

  std::string staging_;
  row_format format_;
  sink_bug bug_;
  crash_countdown count_;
};

/// Bugs of tables, and what the kit says of them.
inline const found_bugs bugs_of_tables{{sink_bug::shows_before_commit, "shown, and not to be: "},
                                       {sink_bug::commits_twice, "(gone)"},
                                       {sink_bug::forgets_on_resolve, "lost: "},
                                       {sink_bug::only_newest, "lost: "}};

}  // namespace sluice::test
