#include "sluice/connectors/json_lines.hpp"

#include "sluice/connectors/json_objects.hpp"
#include "sluice/connectors/json_text.hpp"
#include "sluice/connectors/row_files.hpp"
#include "sluice/connectors/value_text.hpp"

namespace sluice {

json_lines_input::json_lines_input(std::vector<std::string> paths,
                                   const json_lines_options& options)
    : files_(std::move(paths), options.reject_file), max_line_(options.max_line) {}

result<std::unique_ptr<source_reader>> json_lines_input::open(const schema& fields,
                                                              const source_context& at) const {
  auto files = input_files::open(files_.share_of(at));
  if (!files) return files.failure();
  return line_rows::open(std::move(files).value(), json_objects(fields), max_line_, fields,
                         files_.with_rejects(at));
}

namespace {

void append_member(std::string& out, const column_batch& rows, std::size_t c, std::size_t row) {
  const column_type type = rows.fields().fields[c].type;
  if (!rows.valid(c, row) || is_not_finite(rows, c, row)) {
    out += "null";
  } else if (type == column_type::text) {
    append_json_string(out, rows.text_at(c, row));
  } else if (type == column_type::instant) {
    out += '"';
    append_value(out, rows, c, row);
    out += '"';
  } else {
    append_value(out, rows, c, row);
  }
}

void append_object(std::string& out, const column_batch& rows, std::size_t row) {
  const auto& fields = rows.fields().fields;
  out += '{';
  for (std::size_t c = 0; c < fields.size(); ++c) {
    if (c > 0) out += ',';
    append_json_string(out, fields[c].name);
    out += ':';
    append_member(out, rows, c, row);
  }
  out += "}\n";
}

}  // namespace

result<std::unique_ptr<sink_writer>> to::json_lines::open(const sink_context& at) const {
  return open_row_file(path_, at, {.extension = ".jsonl", .row = append_object});
}

result<void> to::json_lines::try_open(const sink_context& at) const {
  return try_row_file(path_, at, ".jsonl");
}

bool to::json_lines::commits() const { return !is_one_file(path_, ".jsonl"); }
result<bool> to::json_lines::shows(const sink_context&, const decided_epoch& of) const {
  return row_files_show(path_, of, ".jsonl");
}

std::string to::json_lines::describe() const {
  return describe_row_files("json lines", path_, ".jsonl");
}

}  // namespace sluice
