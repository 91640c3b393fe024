#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice {

/// How a field stands in its file.
enum class csv_form : std::uint8_t {
  plain,   ///< As it is.
  quoted,  ///< In quotes, which are not part of `text`.
  doubled  ///< In quotes, and every quote inside `text` is there twice.
};

struct csv_field {
  std::string_view text;
  csv_form form = csv_form::plain;
};

/// The value of a field whose quotes are doubled.
std::string undouble(std::string_view text);

enum class csv_found {
  row,     ///< A row; `fields()` are its first fields.
  more,    ///< The row does not end in what is there.
  broken,  ///< The quotes from here on make no row: `reason`.
};

struct csv_row {
  csv_found found = csv_found::more;
  std::size_t bytes = 0;   ///< Of the row with its line end.
  std::size_t length = 0;  ///< Of the row without its line end; how far one had to look, if broken.
  std::size_t fields = 0;  ///< All of them, however many `fields()` keeps.
  bool quotes = false;     ///< One of its fields is in quotes.
  std::string_view reason;
};

/// Finds the rows and fields of a CSV text (RFC 4180): rows end in LF or CRLF, the last one need
/// not; a field may stand in quotes and then hold separators, line ends and doubled quotes.
///
/// Looks for separators, line ends and quotes 64 bytes at a time, so 64 bytes behind the text must
/// be readable.
class csv_scanner {
 public:
  /// Keeps the first `kept` fields of a row. A field in quotes of more than `max_field` bytes
  /// breaks its row.
  csv_scanner(char separator, std::size_t kept, std::size_t max_field);

  /// Rows are now looked for in `rest`; `whole` if nothing follows it.
  void look_at(std::string_view rest, bool whole);

  /// Finds the next row and goes on behind it; after `more` or `broken`, `look_at` says where to
  /// go on.
  csv_row next();

  /// Fields of the row found last; valid as long as its text.
  const csv_field& field(std::size_t i) const { return fields_[i]; }

 private:
  void look_from(const char* at);
  void keep(csv_row& row, csv_field field);
  csv_row finish(const csv_row& found, const char* length, const char* end);
  csv_row broken(const csv_row& found, std::string_view reason, const char* seen) const;
  const char* scan_quoted(csv_row& row, const char* from);

  char separator_;
  std::size_t max_field_;
  std::vector<csv_field> fields_;
  const char* at_ = nullptr;  // where the next row begins
  const char* end_ = nullptr;
  bool whole_ = false;
  const char* block_ = nullptr;  // 64 bytes, of which `marks_` are still to be looked at
  std::uint64_t marks_ = 0;
};

}  // namespace sluice
