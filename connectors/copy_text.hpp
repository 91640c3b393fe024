#pragma once

#include <string>
#include <string_view>

#include "sluice/records/column_batch.hpp"

namespace sluice {

/// Rows as text, in the form PostgreSQL's COPY reads: one line a row, fields behind tabs, `\N` for
/// an absent value, `\\`, `\t`, `\n` and `\r` for what would be taken for something else. What
/// database sinks stage their rows in.

/// Appends the row with its line end; times as `2018-04-01T00:00:00Z`.
void append_copy_row(std::string& out, const column_batch& rows, std::size_t row);
/// The same with times as whole µs since 1970 and truth as 0 and 1.
void append_plain_copy_row(std::string& out, const column_batch& rows, std::size_t row);

/// The fields of one such line, without its line end; a line has at least one.
///
///   copy_fields fields{line};
///   while (fields.next()) use(fields.absent(), fields.text());
class copy_fields {
 public:
  explicit copy_fields(std::string_view line) : rest_(line) {}

  bool next();
  bool absent() const { return absent_; }
  /// The field, its escapes undone; valid until the next call of `next`.
  std::string_view text() const { return text_; }

 private:
  std::string_view rest_;
  bool ended_ = false;
  bool absent_ = false;
  std::string text_;
};

}  // namespace sluice
