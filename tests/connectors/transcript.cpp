#include "sluice/tests/connectors/transcript.hpp"

#include <algorithm>

#include "sluice/connectors/csv_reader.hpp"
#include "sluice/connectors/json_objects.hpp"
#include "sluice/connectors/line_rows.hpp"
#include "sluice/connectors/reject_logs.hpp"
#include "sluice/connectors/value_text.hpp"
#include "sluice/tests/support/catch.hpp"

namespace sluice::test {

std::string shown(const column_batch& rows, std::size_t row) {
  std::string text;
  for (std::size_t c = 0; c < rows.fields().fields.size(); ++c) {
    if (c > 0) text += '|';
    if (!rows.valid(c, row))
      text += '~';
    else if (rows.fields().fields[c].type == column_type::text)
      text += rows.text_at(c, row);
    else
      append_value(text, rows, c, row);
  }
  return text;
}

namespace {

// What a rejected row says of its place is true: its text stands there, on that line.
void check_place(const rejected_row& row, std::string_view input) {
  CHECK(input.substr(row.offset, row.text.size()) == row.text);
  CHECK(row.line ==
        1 + static_cast<std::uint64_t>(std::count(
                input.begin(), input.begin() + static_cast<std::ptrdiff_t>(row.offset), '\n')));
}

}  // namespace

transcript read_all(
    const std::function<result<std::unique_ptr<source_reader>>(const source_context&)>& open,
    batch_bounds bounds, std::string_view input) {
  transcript told;
  const auto log = std::make_shared<memory_reject_log>();
  source_context at;
  at.stage = "test";
  at.bounds = bounds;
  at.rejects = log;
  auto opened = open(at);
  if (!opened) {
    told.failure = opened.failure().message;
    return told;
  }
  source_reader& reader = *opened.value();
  for (read_state state = read_state::more; state != read_state::end;) {
    auto got = reader.read();
    if (!got) {
      told.failure = got.failure().message;
      break;
    }
    state = got.value().state;
    const batch_ptr& rows = got.value().rows;
    if (!rows) continue;
    CHECK(rows->size() > 0);
    CHECK(rows->size() <= bounds.rows);
    CHECK((rows->size() == 1 || rows->bytes() <= bounds.bytes));
    told.batches.push_back(rows->size());
    for (std::size_t row = 0; row < rows->size(); ++row) told.rows.push_back(shown(*rows, row));
  }
  for (const auto& row : log->rows()) {
    if (!input.empty()) check_place(row, input);
    told.rejects.push_back(std::to_string(row.line) + "@" + std::to_string(row.offset) + " " +
                           row.reason + ": " + row.text);
  }
  CHECK(reader.rejected() == told.rejects.size());
  return told;
}

transcript read_csv(std::string_view text, const schema& fields, const csv_options& options,
                    const input_manner& manner) {
  return read_all(
      [&](const source_context& at) -> result<std::unique_ptr<source_reader>> {
        auto files =
            input_files::of("in.csv", memory_bytes(std::string(text), manner.piece), manner.block);
        if (!files) return files.failure();
        return csv_reader::open(std::move(files).value(), fields, options, at);
      },
      manner.bounds, text);
}

transcript read_json_lines(std::string_view text, const schema& fields, std::size_t max_line,
                           const input_manner& manner) {
  return read_all(
      [&](const source_context& at) -> result<std::unique_ptr<source_reader>> {
        auto files = input_files::of("in.jsonl", memory_bytes(std::string(text), manner.piece),
                                     manner.block);
        if (!files) return files.failure();
        return std::unique_ptr<source_reader>{std::make_unique<line_rows>(
            std::move(files).value(), json_objects(fields), max_line, fields, at)};
      },
      manner.bounds, text);
}

}  // namespace sluice::test
