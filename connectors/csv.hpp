#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/connectors/csv_options.hpp"
#include "sluice/connectors/file_list.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/connectors/source.hpp"
#include "sluice/records/batch.hpp"
#include "sluice/records/record.hpp"

namespace sluice {

/// `from::csv` without its record type.
class csv_input {
 public:
  csv_input(std::vector<std::string> paths, csv_options options);
  result<std::unique_ptr<source_reader>> open(const schema& fields, const source_context& at) const;
  std::string describe() const { return files_.describe("csv"); }
  std::shared_ptr<reject_log> rejects() const { return files_.rejects(); }
  /// Every reader opened from now on has a copy of `check`.
  void reject_by(row_check check) { check_ = std::move(check); }

 private:
  file_list files_;
  csv_options options_;
  row_check check_;
};

namespace from {

/// Reads CSV files (RFC 4180, UTF-8 with or without byte order mark, lines ending in LF or CRLF)
/// into records `T`.
///
///   g.source("payments", from::csv<payment>{"payments.csv"})
///   g.source("old", from::csv<payment>{"old.csv", {.separator = ';', .reject_file = "bad.jsonl"}})
///
/// The head line names the columns, in any order; a missing, unknown or doubled one is an error
/// before anything runs. Files of a list are spread over the instances of the stage; one file is
/// read by the first.
///
/// Values: `read_value` (connectors/value_text.hpp). An empty field of an optional field is
/// absent, unless it is text in quotes (`""`); of another field it is the empty text, or a bad row
/// if the field is no text. Empty lines are no rows, except in files of one column.
///
/// A bad row goes to the reject log with its first byte and line, and reading goes on:
///   * a row with another number of fields or a bad value is rejected whole;
///   * a row with broken quotes (never closed, closed within a field, more than `max_field` bytes
///     between them) or of more than `max_row` bytes is rejected up to the end of the line it
///     began on, and the lines behind it are read as rows.
/// So every row is either read or rejected, and an open quote costs one line, not the file.
template <record T>
class csv {
 public:
  using record_type = T;

  explicit csv(std::string path, csv_options options = {})
      : input_({std::move(path)}, std::move(options)) {}
  explicit csv(std::vector<std::string> paths, csv_options options = {})
      : input_(std::move(paths), std::move(options)) {}

  /// The same, with a say of its own: a row is a bad one too if `why_not` returns a reason. Each
  /// reader has a copy of it and asks it once about every row, in order.
  ///
  ///   from::csv<payment>{"payments.csv"}.rejecting(
  ///       [](const payment& p) { return p.cents < 0 ? "cents are below 0" : ""; })
  csv rejecting(std::function<std::string_view(const T&)> why_not) const {
    csv made = *this;
    made.input_.reject_by(
        [why_not = std::move(why_not)](const column_batch& rows, std::size_t row) {
          return why_not(batch<T>{rows}[row]);
        });
    return made;
  }

  /// Errors: a file cannot be opened, its head line does not name the fields of `T`.
  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return input_.open(schema_of<T>(), at);
  }
  std::string describe() const { return input_.describe(); }
  /// Of `reject_file`; null: the run has one.
  std::shared_ptr<reject_log> rejects() const { return input_.rejects(); }

 private:
  csv_input input_;
};

}  // namespace from

namespace to {

/// Writes rows as CSV with a head line, floating-point numbers as short as they can be read back
/// exactly, times as `2018-04-01T00:00:00Z`; what is written can be read by `from::csv`.
///
///   .sink("alerts", to::csv{"alerts"})       // alerts/part-00000.csv, …, one an instance
///   .sink("alerts", to::csv{"alerts.csv"})   // one file, for one instance
///
/// Files are made when the graph starts; what an earlier run left in them, and parts of instances
/// there are no more, is removed. Rows are in the file at the end of their epoch.
class csv {
 public:
  explicit csv(std::string path) : path_(std::move(path)) {}

  /// Errors: the file or its folder cannot be made; one file for several instances.
  result<std::unique_ptr<sink_writer>> open(const sink_context& at) const;
  result<void> try_open(const sink_context& at) const;
  /// A folder does, one file does not.
  bool commits() const;
  result<bool> shows(const sink_context& at, const decided_epoch& of) const;
  std::string describe() const;

 private:
  std::string path_;
};

}  // namespace to
}  // namespace sluice
