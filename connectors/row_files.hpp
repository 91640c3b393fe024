#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sluice/connectors/sink.hpp"

namespace sluice {

/// How a file of rows is written as text.
struct row_format {
  std::string_view extension;  ///< `.csv`
  /// Appends what stands in front of the rows; null: nothing.
  void (*head)(std::string& out, const schema& fields) = nullptr;
  /// Appends one row of `rows` with its line end.
  void (*row)(std::string& out, const column_batch& rows, std::size_t row) = nullptr;
};

/// True if `path` is one file of that extension; else it is a folder of them.
bool is_one_file(std::string_view path, std::string_view extension);

/// Opens the file of instance `at`: `path` itself if it ends in the format's extension, else
/// `path/part-00000.csv` with the number of the instance. Errors: the file or its folder cannot be
/// made, one file for several instances.
result<std::unique_ptr<sink_writer>> open_row_file(const std::string& path, const sink_context& at,
                                                   const row_format& format);

/// Says whether `open_row_file` would succeed, as far as can be told without making anything.
result<void> try_row_file(const std::string& path, const sink_context& at,
                          std::string_view extension);

/// Whether rows of an epoch that was prepared in the folder `path` can be seen there: its file is
/// no longer where it was staged.
result<bool> row_files_show(const std::string& path, const decided_epoch& of,
                            std::string_view extension);

/// `csv file, alerts.csv` or `csv files, alerts/part-*.csv`.
std::string describe_row_files(std::string_view kind, const std::string& path,
                               std::string_view extension);

}  // namespace sluice
