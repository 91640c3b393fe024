#include "sluice/connectors/line_rows.hpp"

#include <utility>

namespace sluice {

line_rows::line_rows(input_files files, std::unique_ptr<line_format> format, std::size_t max_line,
                     const schema& fields, const source_context& at)
    : files_(std::move(files)),
      format_(std::move(format)),
      lines_(max_line),
      rows_(fields, at.pool, at.bounds),
      rejects_(at.rejects) {}

result<std::unique_ptr<source_reader>> line_rows::open(input_files files,
                                                       std::unique_ptr<line_format> format,
                                                       std::size_t max_line, const schema& fields,
                                                       const source_context& at) {
  std::uint64_t line = 0;
  if (!at.position.empty()) {
    auto position = file_position_of(at.position);
    if (!position) return position.failure();
    if (auto found = files.find(position.value()); !found) return found.failure();
    if (files.current())
      if (auto there = files.enter(position.value()); !there) return there.failure();
    line = position.value().line;
  }
  auto reader =
      std::make_unique<line_rows>(std::move(files), std::move(format), max_line, fields, at);
  reader->lines_.restart(line);
  return std::unique_ptr<source_reader>{std::move(reader)};
}

std::string line_rows::position() const {
  const input_window* in = files_.current();
  auto here = files_.position(in ? lines_.offset(*in) : 0);
  if (!here) return {};
  here.value().line = lines_.number();
  return bytes_of(here.value());
}

result<read_batch> line_rows::read() {
  read_state state = read_state::more;
  while (!rows_.full() && state == read_state::more) {
    if (!files_.current()) {
      state = read_state::end;
      break;
    }
    auto line = lines_.next(*files_.current());
    if (!line) return line.failure();
    switch (line.value().state) {
      case line_state::line:
      case line_state::over_long:
        if (auto taken = take_line(line.value()); !taken) return taken.failure();
        break;
      case line_state::blocked:
        state = read_state::idle;
        break;
      case line_state::end:
        if (auto advanced = files_.advance(); !advanced) return advanced.failure();
        lines_.restart();
    }
  }
  return read_batch{rows_.take(), state};
}

result<void> line_rows::take_line(const input_line& line) {
  if (line.state == line_state::over_long) return reject(line, "a line over the limit");
  const line_verdict verdict = format_->take(line.text, rows_.batch(), rows_.row());
  if (verdict.is == line_verdict::kind::bad) return reject(line, verdict.reason);
  if (verdict.is == line_verdict::kind::row) rows_.add();
  return {};
}

result<void> line_rows::reject(const input_line& line, std::string_view reason) {
  return rejects_.reject(files_.name(), line.offset, line.number, reason, line.text);
}

}  // namespace sluice
