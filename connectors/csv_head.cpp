#include "sluice/connectors/csv_head.hpp"

#include <algorithm>

#include "sluice/connectors/csv_scanner.hpp"

namespace sluice {

namespace {

constexpr std::size_t most_columns = 65536;

error malformed(const std::string& name, const std::string& what) {
  return {error_code::malformed, name + ": " + what};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

struct head_words {
  std::vector<std::string> words;
  std::uint64_t lines = 0;
};

result<head_words> read_words(input_window& in, const std::string& name,
                              const csv_options& options) {
  std::size_t kept = 256;
  for (;;) {
    csv_scanner scanner{options.separator, kept, options.max_field};
    scanner.look_at(in.rest(), in.ended());
    const csv_row row = scanner.next();
    if (row.found == csv_found::broken)
      return malformed(name, "broken head line: " + std::string(row.reason));
    if (row.found == csv_found::more) {
      if (in.ended()) return malformed(name, "empty, but should begin with a head line");
      if (in.rest().size() > options.max_row) return malformed(name, "head line over the limit");
      if (auto filled = in.fill(); !filled) return filled.failure();
      continue;
    }
    if (row.fields > most_columns)
      return malformed(name, std::to_string(row.fields) + " columns in the head line");
    if (row.fields > kept) {
      kept = row.fields;
      continue;
    }
    head_words head;
    const std::string_view text = in.rest().substr(0, row.length);
    head.lines = 1 + static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
    for (std::size_t i = 0; i < row.fields; ++i) {
      const csv_field& field = scanner.field(i);
      head.words.push_back(field.form == csv_form::doubled ? undouble(field.text)
                                                           : std::string(field.text));
    }
    in.use(row.bytes);
    return head;
  }
}

}  // namespace

result<csv_head> read_csv_head(input_window& in, const std::string& name, const schema& fields,
                               const csv_options& options) {
  const std::size_t count = fields.fields.size();
  csv_head head;
  if (options.head == head_line::absent) {
    for (std::size_t c = 0; c < count; ++c) head.fields.push_back(c);
    return head;
  }
  auto read = read_words(in, name, options);
  if (!read) return read.failure();
  head.lines = read.value().lines;

  const auto known = [&](std::size_t field) {
    return std::find(head.fields.begin(), head.fields.end(), field) != head.fields.end();
  };
  std::vector<std::string> missing, extra;
  for (const auto& word : read.value().words) {
    const std::size_t field = fields.find(word);
    if (field != count && known(field)) return malformed(name, "column there twice: " + word);
    if (field == count && options.extra == extra_columns::refused) extra.push_back(word);
    head.fields.push_back(field == count ? csv_head::none : field);
  }
  for (std::size_t c = 0; c < count; ++c)
    if (!known(c)) missing.emplace_back(fields.fields[c].name);
  if (missing.empty() && extra.empty()) return head;

  std::string what;
  if (!missing.empty()) what = "no column " + joined(missing);
  if (!extra.empty())
    what += (what.empty() ? "" : "; ") + std::string("unknown column ") + joined(extra);
  what += "; the record " + std::string(fields.name) + " has ";
  std::vector<std::string> names;
  for (const auto& field : fields.fields) names.emplace_back(field.name);
  return malformed(name, what + joined(names));
}

}  // namespace sluice
