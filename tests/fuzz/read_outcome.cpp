#include "sluice/tests/fuzz/read_outcome.hpp"

#include <cstdlib>
#include <utility>

#include "sluice/connectors/value_text.hpp"

namespace sluice::fuzz {

namespace {

std::string shown(const column_batch& rows, std::size_t row) {
  std::string text;
  for (std::size_t c = 0; c < rows.fields().fields.size(); ++c) {
    text += rows.valid(c, row) ? "+" : "-";
    if (rows.fields().fields[c].type == column_type::text)
      text += rows.text_at(c, row);
    else
      append_value(text, rows, c, row);
  }
  return text;
}

}  // namespace

void require(bool condition) {
  if (!condition) std::abort();
}

read_outcome read(std::string_view text, const read_manner& manner, const open_reader& open) {
  const auto log = std::make_shared<memory_reject_log>();
  source_context at;
  at.bounds = manner.bounds;
  at.rejects = log;
  auto files = input_files::of("in", memory_bytes(std::string(text), manner.piece), manner.block);
  require(static_cast<bool>(files));
  const std::unique_ptr<source_reader> reader = open(std::move(files).value(), at);
  read_outcome all;
  for (read_state state = read_state::more; state != read_state::end;) {
    auto got = reader->read();
    require(static_cast<bool>(got));
    state = got.value().state;
    const batch_ptr& rows = got.value().rows;
    if (!rows) continue;
    require(rows->size() > 0 && rows->size() <= manner.bounds.rows);
    require(rows->size() == 1 || rows->bytes() <= manner.bounds.bytes);
    for (std::size_t row = 0; row < rows->size(); ++row) all.rows.push_back(shown(*rows, row));
  }
  all.rejects = log->rows();
  require(reader->rejected() == all.rejects.size());
  for (const auto& bad : all.rejects) require(text.substr(bad.offset, bad.text.size()) == bad.text);
  return all;
}

void require_same_however_cut(std::string_view text, const open_reader& open) {
  const read_outcome whole = read(text, {}, open);
  require(whole == read(text, {.piece = 3, .block = 5, .bounds = {.rows = 3, .bytes = 64}}, open));
}

}  // namespace sluice::fuzz
