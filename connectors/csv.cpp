#include "sluice/connectors/csv.hpp"

#include "sluice/connectors/csv_reader.hpp"
#include "sluice/connectors/row_files.hpp"
#include "sluice/connectors/value_text.hpp"

namespace sluice {

csv_input::csv_input(std::vector<std::string> paths, csv_options options)
    : files_(std::move(paths), options.reject_file), options_(std::move(options)) {}

// Every file is opened and its head line looked at now, not only when its turn comes.
result<std::unique_ptr<source_reader>> csv_input::open(const schema& fields,
                                                       const source_context& at) const {
  const std::vector<std::string> paths = files_.share_of(at);
  for (std::size_t i = 1; i < paths.size(); ++i) {
    auto file = input_files::open({paths[i]});
    if (!file) return file.failure();
    auto head = read_csv_head(*file.value().current(), paths[i], fields, options_);
    if (!head) return head.failure();
  }
  auto files = input_files::open(paths);
  if (!files) return files.failure();
  return csv_reader::open(std::move(files).value(), fields, options_, files_.with_rejects(at),
                          check_);
}

namespace {

// Quotes stand around what could be taken for something else: separators, quotes, line ends, and
// an empty text that is there.
void append_text(std::string& out, std::string_view text, const field_info& field, bool alone) {
  if (text.empty()) {
    if (field.optional || alone) out += "\"\"";
    return;
  }
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  out += '"';
}

void append_head(std::string& out, const schema& fields) {
  for (std::size_t c = 0; c < fields.fields.size(); ++c) {
    if (c > 0) out += ',';
    out += fields.fields[c].name;
  }
  out += '\n';
}

void append_row(std::string& out, const column_batch& rows, std::size_t row) {
  const auto& fields = rows.fields().fields;
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (c > 0) out += ',';
    if (!rows.valid(c, row)) continue;
    if (fields[c].type == column_type::text)
      append_text(out, rows.text_at(c, row), fields[c], fields.size() == 1);
    else
      append_value(out, rows, c, row);
  }
  out += '\n';
}

}  // namespace

result<std::unique_ptr<sink_writer>> to::csv::open(const sink_context& at) const {
  return open_row_file(path_, at, {.extension = ".csv", .head = append_head, .row = append_row});
}

result<void> to::csv::try_open(const sink_context& at) const {
  return try_row_file(path_, at, ".csv");
}

bool to::csv::commits() const { return !is_one_file(path_, ".csv"); }
result<bool> to::csv::shows(const sink_context&, const decided_epoch& of) const {
  return row_files_show(path_, of, ".csv");
}

std::string to::csv::describe() const { return describe_row_files("csv", path_, ".csv"); }

}  // namespace sluice
