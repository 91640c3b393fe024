#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sluice/connectors/file_list.hpp"
#include "sluice/connectors/sink.hpp"
#include "sluice/connectors/source.hpp"
#include "sluice/records/record.hpp"

namespace sluice {

/// How JSON lines are read.
struct json_lines_options {
  std::size_t max_line = 16 << 20;  ///< Bytes; a longer line is a bad row.
  /// Where bad rows go, instead of where the graph puts them; see `file_reject_log`.
  std::string reject_file = {};
};

/// `from::json_lines` without its record type.
class json_lines_input {
 public:
  json_lines_input(std::vector<std::string> paths, const json_lines_options& options);
  result<std::unique_ptr<source_reader>> open(const schema& fields, const source_context& at) const;
  std::string describe() const { return files_.describe("json lines"); }
  std::shared_ptr<reject_log> rejects() const { return files_.rejects(); }

 private:
  file_list files_;
  std::size_t max_line_;
};

namespace from {

/// Reads files of JSON objects, one a line (UTF-8 with or without byte order mark, lines ending in
/// LF or CRLF), into records `T`. Empty lines are no rows. Files of a list are spread over the
/// instances of the stage; one file is read by the first.
///
///   g.source("clicks", from::json_lines<click>{"clicks.jsonl"})
///
/// A field of the record is found by its name; other members are ignored, though they must be
/// JSON, nested at most 256 deep. `null` and a missing member are an absent value of an optional
/// field and an error of any other. Values:
///
///   bool           true, false
///   integers       a number without decimals or exponent, within the range of the type
///   float, double  a number; too large or too small to hold is an error
///   text           a string, without \u0000
///   instant        a string as records/instant.hpp reads it, or a whole number of µs since 1970
///
/// A bad row is a line that is no such object, is over the limit or has a field of the record
/// twice; it goes to the reject log with its first byte and line.
template <record T>
class json_lines {
 public:
  using record_type = T;

  explicit json_lines(std::string path, const json_lines_options& options = {})
      : input_({std::move(path)}, options) {}
  explicit json_lines(std::vector<std::string> paths, const json_lines_options& options = {})
      : input_(std::move(paths), options) {}

  /// Errors: a file cannot be opened.
  result<std::unique_ptr<source_reader>> open(const source_context& at) const {
    return input_.open(schema_of<T>(), at);
  }
  std::string describe() const { return input_.describe(); }
  /// Of `reject_file`; null: the run has one.
  std::shared_ptr<reject_log> rejects() const { return input_.rejects(); }

 private:
  json_lines_input input_;
};

}  // namespace from

namespace to {

/// Writes rows as JSON objects, one a line: absent values, infinities and NaN as `null`, times as
/// `"2018-04-01T00:00:00Z"`, bytes that are not UTF-8 as U+FFFD. Files as with `to::csv`, ending
/// in `.jsonl`.
class json_lines {
 public:
  explicit json_lines(std::string path) : path_(std::move(path)) {}

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
