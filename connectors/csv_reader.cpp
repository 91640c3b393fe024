#include "sluice/connectors/csv_reader.hpp"

#include <algorithm>
#include <utility>

#include "sluice/connectors/value_text.hpp"

namespace sluice {

namespace {

constexpr std::size_t shown = 4096;  // of a rejected line, in bytes

std::string bad_value(const field_info& field, std::string_view why) {
  return std::string(field.name) + " (" + std::string(to_string(field.type)) +
         "): " + std::string(why);
}

}  // namespace

result<std::unique_ptr<source_reader>> csv_reader::open(input_files files, const schema& fields,
                                                        const csv_options& options,
                                                        const source_context& at, row_check check) {
  std::optional<file_position> from;
  if (!at.position.empty()) {
    auto position = file_position_of(at.position);
    if (!position) return position.failure();
    from = std::move(position).value();
    if (auto found = files.find(*from); !found) return found.failure();
  }
  csv_head head;
  if (input_window* in = files.current()) {
    auto read = read_csv_head(*in, files.name(), fields, options);
    if (!read) return read.failure();
    head = std::move(read).value();
  }
  auto reader = std::make_unique<csv_reader>(std::move(files), std::move(head), fields, options, at,
                                             std::move(check));
  if (from)
    if (auto there = reader->go_to(*from); !there) return there.failure();
  return std::unique_ptr<source_reader>{std::move(reader)};
}

result<void> csv_reader::go_to(const file_position& position) {
  if (!files_.current()) return {};
  line_ = position.line;
  skipping_ = position.within_line;
  return files_.enter(position);
}

std::string csv_reader::position() const {
  auto here = files_.position(files_.offset());
  if (!here) return {};
  here.value().line = line_;
  here.value().within_line = skipping_;
  return bytes_of(here.value());
}

csv_reader::csv_reader(input_files files, csv_head head, const schema& fields,
                       const csv_options& options, const source_context& at, row_check check)
    : files_(std::move(files)),
      head_(std::move(head)),
      schema_(&fields),
      options_(options),
      check_(std::move(check)),
      rows_(fields, at.pool, at.bounds),
      rejects_(at.rejects),
      scanner_(options.separator, head_.fields.size(), options.max_field),
      line_(head_.lines + 1) {}

result<read_batch> csv_reader::read() {
  while (!rows_.full()) {
    auto next = read_row();
    if (!next) return next.failure();
    if (next.value() == step::end) return read_batch{rows_.take(), read_state::end};
  }
  return read_batch{rows_.take(), read_state::more};
}

result<csv_reader::step> csv_reader::read_row() {
  if (!files_.current()) return step::end;
  if (skipping_ && !skip_line()) return read_more();
  if (!looking_) {
    scanner_.look_at(files_.current()->rest(), files_.current()->ended());
    looking_ = true;
  }
  const csv_row row = scanner_.next();
  const std::size_t length =
      row.found == csv_found::more ? files_.current()->rest().size() : row.length;
  // One byte more may be the CR of a line end.
  const bool over = length > options_.max_row + (row.found == csv_found::row ? 0 : 1);
  if (row.found == csv_found::more && !over) return read_more();
  auto taken = over                             ? reject_line("a row over the limit")
               : row.found == csv_found::broken ? reject_line(row.reason)
                                                : take_row(row);
  if (!taken) return taken.failure();
  return step::again;
}

result<csv_reader::step> csv_reader::read_more() {
  looking_ = false;
  if (files_.current()->ended()) return read_next_file();
  auto filled = files_.current()->fill();
  if (!filled) return filled.failure();
  return step::again;
}

result<csv_reader::step> csv_reader::read_next_file() {
  if (auto advanced = files_.advance(); !advanced) return advanced.failure();
  if (!files_.current()) return step::end;
  auto head = read_csv_head(*files_.current(), files_.name(), *schema_, options_);
  if (!head) return head.failure();
  head_ = std::move(head).value();
  scanner_ = csv_scanner{options_.separator, head_.fields.size(), options_.max_field};
  skipping_ = false;
  line_ = head_.lines + 1;
  return step::again;
}

// Takes the row into the batch, or rejects all of it.
result<void> csv_reader::take_row(const csv_row& row) {
  const std::string_view text = files_.current()->rest().substr(0, row.length);
  const std::uint64_t lines =
      1 + (row.quotes ? static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n')) : 0);
  if (row.fields != head_.fields.size()) {
    if (!text.empty())
      if (auto rejected = reject(std::to_string(row.fields) + " fields instead of " +
                                     std::to_string(head_.fields.size()),
                                 text);
          !rejected)
        return rejected;
    use(row.bytes, lines);
    return {};
  }
  for (std::size_t i = 0; i < head_.fields.size(); ++i) {
    if (head_.fields[i] == csv_head::none) continue;
    const std::string_view why = take_field(scanner_.field(i), head_.fields[i]);
    if (why.empty()) continue;
    auto rejected = reject(bad_value(schema_->fields[head_.fields[i]], why), text);
    if (rejected) use(row.bytes, lines);
    return rejected;
  }
  const std::string_view why = ask_check();
  auto taken = why.empty() ? result<void>{} : reject(why, text);
  if (why.empty()) rows_.add();
  if (taken) use(row.bytes, lines);
  return taken;
}

// Returns what the check has against the row that has just been written; nothing without a check.
std::string_view csv_reader::ask_check() {
  if (!check_) return {};
  rows_.batch().resize(rows_.row() + 1);  // the check may look at it; left out, it is written over
  return check_(rows_.batch(), rows_.row());
}

// Writes the value of record field `field`; returns what is wrong with it.
std::string_view csv_reader::take_field(const csv_field& from, std::size_t field) {
  const field_info& about = schema_->fields[field];
  column_batch& batch = rows_.batch();
  if (from.text.size() > options_.max_field) return "over the limit";
  if (from.text.empty() && (from.form == csv_form::plain || about.type != column_type::text)) {
    if (about.optional) {
      write_absent(batch, field, rows_.row());
      return {};
    }
    if (about.type != column_type::text) return "empty";
  }
  if (about.optional) batch.set_valid(field, rows_.row(), /*there=*/true);
  if (from.form == csv_form::doubled)
    return read_value(about.type, undouble(from.text), batch, field, rows_.row());
  if (from.form == csv_form::plain && about.type == column_type::text &&
      from.text.find('\r') != std::string_view::npos)
    return "a carriage return outside quotes";
  return read_value(about.type, from.text, batch, field, rows_.row());
}

result<void> csv_reader::reject(std::string_view reason, std::string_view text) {
  return rejects_.reject(files_.name(), files_.current()->offset(), line_, reason, text);
}

// Rejects the line the row began on; the next row is looked for behind it, so that an open quote
// costs one line and not the rest of the file.
result<void> csv_reader::reject_line(std::string_view reason) {
  input_window& in = *files_.current();
  while (in.rest().find('\n') == std::string_view::npos && in.rest().size() < shown && !in.ended())
    if (auto filled = in.fill(); !filled) return filled.failure();
  std::string_view line = in.rest().substr(0, in.rest().find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  auto rejected = reject(reason, line);
  if (rejected) skipping_ = true;
  looking_ = false;
  return rejected;
}

// Goes on behind the line that is being skipped; false if its end is not there yet.
bool csv_reader::skip_line() {
  input_window& in = *files_.current();
  const std::size_t end = in.rest().find('\n');
  if (end == std::string_view::npos) {
    in.use(in.rest().size());
    return false;
  }
  in.use(end + 1);
  ++line_;
  skipping_ = false;
  return true;
}

void csv_reader::use(std::size_t bytes, std::uint64_t lines) {
  files_.current()->use(bytes);
  line_ += lines;
}

}  // namespace sluice
