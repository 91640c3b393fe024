#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/committed_table.hpp"
#include "sluice/connectors/staging_folder.hpp"
#include "sluice/connectors/table_columns.hpp"
#include "sluice/tests/connectors/broken_sink.hpp"
#include "sluice/tests/connectors/counting_ports.hpp"

namespace sluice::test {

/// Names of the files in and below `folder`.
inline std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> names;
  std::error_code none;
  for (std::filesystem::recursive_directory_iterator at{folder, none}, end; at != end; ++at)
    if (at->is_regular_file()) names.push_back(at->path().filename().string());
  return names;
}

/// A table sink made as the shipped ones are, but with every step to its files and its database
/// counted, and with a bug if one is wanted.
inline std::unique_ptr<sink_writer> conforming_table(const sink_context& at, row_format format,
                                                     std::shared_ptr<transaction_port> table,
                                                     const std::string& staging,
                                                     crash_countdown& count, sink_bug bug) {
  auto folder = staging_folder(staging, at.stage);
  auto writer = std::make_unique<committed_table>(committed_table::parts{
      .at = at,
      .format = format,
      .refuse = check_texts,
      .folder = [folder, &count](const job_id& job) -> result<std::shared_ptr<file_port>> {
        auto opened = folder(job);
        if (!opened) return opened;
        return std::shared_ptr<file_port>{
            std::make_shared<counting_files>(std::move(opened).value(), count)};
      },
      .table = std::make_shared<counting_table>(std::move(table), count,
                                                bug == sink_bug::commits_twice)});
  if (bug == sink_bug::none) return writer;
  return std::make_unique<broken_sink>(std::move(writer), bug);
}

}  // namespace sluice::test
