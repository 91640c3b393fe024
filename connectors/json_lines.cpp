#include "sluice/connectors/json_lines.hpp"

#include "sluice/connectors/json_objects.hpp"
#include "sluice/connectors/row_files.hpp"

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

result<std::unique_ptr<sink_writer>> to::json_lines::open(const sink_context& at) const {
  return open_row_file(path_, at, {.extension = ".jsonl", .row = append_json_row});
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
