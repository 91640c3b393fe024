#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sluice/connectors/file_list.hpp"
#include "sluice/connectors/source.hpp"
#include "sluice/records/record.hpp"

namespace sluice {

/// A line of text without its end.
struct line {
  std::string_view text;
};
SLUICE_RECORD(line, text);

namespace from {

/// How lines are read.
struct text_options {
  std::size_t max_line = 1 << 20;  ///< Bytes; a longer line is a bad row.
  /// Where bad rows go, instead of where the graph puts them; see `file_reject_log`.
  std::string reject_file = {};
};

/// Reads the lines of text files (UTF-8 with or without byte order mark, lines ending in LF or
/// CRLF, the last one need not end). A line that is not UTF-8, holds NUL or is over the limit is
/// a bad row. Files of a list are spread over the instances of the stage.
///
///   g.source("lines", from::text_file{"words.txt"})
class text_file {
 public:
  using record_type = line;

  explicit text_file(std::string path, text_options options = {})
      : text_file(std::vector<std::string>{std::move(path)}, std::move(options)) {}
  explicit text_file(std::vector<std::string> paths, text_options options = {})
      : files_(std::move(paths), options.reject_file), max_line_(options.max_line) {}

  /// Errors: a file cannot be opened.
  result<std::unique_ptr<source_reader>> open(const source_context& at) const;
  std::string describe() const { return files_.describe("text"); }
  /// Of `reject_file`; null: the run has one.
  std::shared_ptr<reject_log> rejects() const { return files_.rejects(); }

 private:
  file_list files_;
  std::size_t max_line_;
};

/// How a socket is read.
struct socket_options {
  std::size_t max_line = 1 << 20;  ///< Bytes; a longer line is a bad row.
  std::chrono::milliseconds connect_within{5000};
};

/// Connects to `host:port` (TCP, IPv4 or IPv6) and reads lines, as `text_file` does, until the
/// other side closes. What was read before a failure cannot be read again: rows are processed at
/// most once, unless they are logged. The first instance of the stage connects.
///
///   nc -lk 9999                                                 # in one terminal
///   g.source("lines", from::text_socket{"localhost", 9999})
///   g.source("lines", from::text_socket{"localhost", 9999}.logged("received"))
class text_socket {
 public:
  using record_type = line;
  static constexpr bool replayable = false;

  text_socket(std::string host, std::uint16_t port, socket_options options = {})
      : host_(std::move(host)), port_(port), options_(options) {}

  /// The same, and in a run with checkpoints what is received is in the directory `log`, durably,
  /// before any row of it is given out; after a failure it is read from there. So every line that
  /// the program has received counts exactly once. What the operating system has received and the
  /// program has not is lost with the connection, though its sender may have been told that it
  /// arrived: a sender that must not lose a line sends it again on the next connection, and then
  /// it may count twice. A line of which the connection was lost within is a bad row.
  text_socket logged(std::string log) const {
    text_socket same = *this;
    same.log_ = std::move(log);
    return same;
  }
  bool logged() const { return !log_.empty(); }

  /// Connects. Errors: the log cannot be believed or is of another run; the host is not known,
  /// nobody listens there.
  result<std::unique_ptr<source_reader>> open(const source_context& at) const;
  std::string describe() const;

 private:
  std::string host_;
  std::uint16_t port_;
  socket_options options_;
  std::string log_;  // directory; empty: none
};

}  // namespace from
}  // namespace sluice
