#include "sluice/connectors/copy_text.hpp"

#include "sluice/connectors/value_text.hpp"
#include "sluice/records/instant.hpp"

namespace sluice {

namespace {

constexpr std::string_view null_field = "\\N";

void append_escaped(std::string& out, std::string_view text) {
  for (std::size_t at = 0;;) {
    const std::size_t next = text.find_first_of("\\\t\n\r", at);
    out += text.substr(at, next - at);
    if (next == std::string_view::npos) return;
    const char c = text[next];
    out += '\\';
    out += c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\';
    at = next + 1;
  }
}

void append_row(std::string& out, const column_batch& rows, std::size_t row, bool plain) {
  const auto& fields = rows.fields().fields;
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (c > 0) out += '\t';
    const column_type type = fields[c].type;
    if (!rows.valid(c, row))
      out += null_field;
    else if (type == column_type::text)
      append_escaped(out, rows.text_at(c, row));
    else if (plain && type == column_type::boolean)
      out += rows.values<bool>(c)[row] ? '1' : '0';
    else if (plain && type == column_type::instant)
      out += std::to_string(rows.values<instant>(c)[row].us);
    else
      append_value(out, rows, c, row);
  }
  out += '\n';
}

}  // namespace

void append_copy_row(std::string& out, const column_batch& rows, std::size_t row) {
  append_row(out, rows, row, /*plain=*/false);
}

void append_plain_copy_row(std::string& out, const column_batch& rows, std::size_t row) {
  append_row(out, rows, row, /*plain=*/true);
}

bool copy_fields::next() {
  if (ended_) return false;
  const std::size_t end = rest_.find('\t');
  std::string_view field = rest_.substr(0, end);
  ended_ = end == std::string_view::npos;
  if (!ended_) rest_.remove_prefix(end + 1);
  absent_ = field == null_field;
  text_.clear();
  if (absent_) return true;
  for (;;) {
    const std::size_t escape = field.find('\\');
    text_ += field.substr(0, escape);
    if (escape == std::string_view::npos || escape + 1 == field.size()) return true;
    const char c = field[escape + 1];
    text_ += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
    field.remove_prefix(escape + 2);
  }
}

}  // namespace sluice
