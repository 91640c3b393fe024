#include "sluice/graph/settings_scan.hpp"

#include <algorithm>

#include "sluice/graph/settings_lines.hpp"
#include "sluice/graph/settings_segments.hpp"

namespace sluice {

namespace {

using path = std::vector<std::string>;

bool blank(char c) { return c == ' ' || c == '\t'; }

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && blank(text[at])) ++at;
  return at;
}

struct read_path {
  path parts;
  std::size_t end = 0;
  bool odd = false;
};

bool bare(std::string_view part) {
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
}

// Reads a dotted key, bare or quoted, from `at` on; escapes in quoted parts are kept as they are.
read_path read_key(std::string_view line, std::size_t at) {
  read_path key;
  while (true) {
    at = skip_blanks(line, at);
    auto begin = at;
    if (at < line.size() && (line[at] == '"' || line[at] == '\'')) {
      at = text_end(line, at);
      key.parts.emplace_back(line.substr(begin + 1, std::max(at - begin, std::size_t{2}) - 2));
    } else {
      while (at < line.size() && !blank(line[at]) && line.find_first_of(".=]#\"'", at) != at) ++at;
      key.parts.emplace_back(line.substr(begin, at - begin));
      key.odd = key.odd || !bare(key.parts.back());
    }
    key.end = at;
    at = skip_blanks(line, at);
    if (at >= line.size() || line[at] != '.') return key;
    ++at;
  }
}

// Follows a value over lines until all its brackets and long strings are closed.
class value_extent {
 public:
  // Takes one line; returns true if the value goes on in the next.
  bool go_on(std::string_view line) {
    for (const auto& segment : walk_.next(line, 0)) {
      if (segment.kind != segment_kind::plain) continue;
      for (char c : line.substr(segment.begin, segment.end - segment.begin)) {
        if (c == '[' || c == '{') ++depth_;
        if ((c == ']' || c == '}') && depth_ > 0) --depth_;
      }
    }
    return depth_ > 0 || walk_.in_long_text();
  }

 private:
  segment_walk walk_;
  std::size_t depth_ = 0;
};

statement head_statement(std::string_view line, std::size_t at) {
  statement found;
  bool array = line.substr(at).starts_with("[[");
  found.kind = array ? statement_kind::table_array : statement_kind::table;
  auto key = read_key(line, at + (array ? 2 : 1));
  found.path = std::move(key.parts);
  found.odd_key = key.odd;
  found.text = line.substr(at);
  return found;
}

statement pair_statement(std::string_view line, std::size_t at, const path& table) {
  statement found;
  auto key = read_key(line, at);
  found.kind = statement_kind::pair;
  found.path = table;
  found.table_depth = table.size();
  found.path.insert(found.path.end(), key.parts.begin(), key.parts.end());
  found.text = line.substr(at);
  found.odd_key = key.odd;
  auto equals = skip_blanks(line, key.end);
  found.has_equals = equals < line.size() && line[equals] == '=';
  if (found.has_equals) found.value = line.substr(skip_blanks(line, equals + 1));
  return found;
}

// True if `shorter` is where `longer` begins; both may be the same.
bool leads_to(const path& shorter, const path& longer) {
  return shorter.size() <= longer.size() &&
         std::equal(shorter.begin(), shorter.end(), longer.begin());
}

bool contradict(const statement& earlier, const statement& later) {
  if (earlier.head() && later.head()) {
    bool both_arrays = earlier.kind == statement_kind::table_array && later.kind == earlier.kind;
    return earlier.path == later.path && !both_arrays;
  }
  if (!earlier.head() && !later.head()) {
    return leads_to(earlier.path, later.path) || leads_to(later.path, earlier.path);
  }
  if (earlier.head()) return later.path == earlier.path;
  if (leads_to(earlier.path, later.path)) return true;
  // `batch.rows = 1` above `[batch]`: dotted keys have closed that table.
  return later.path.size() > earlier.table_depth && leads_to(later.path, earlier.path);
}

}  // namespace

std::vector<statement> scan_statements(std::string_view text) {
  std::vector<statement> statements;
  settings_lines lines(text);
  path table;
  for (std::uint32_t number = 1; number <= lines.size(); ++number) {
    auto line = lines.line(number);
    auto at = skip_blanks(line, 0);
    if (at == line.size() || line[at] == '#') continue;
    auto found = line[at] == '[' ? head_statement(line, at) : pair_statement(line, at, table);
    found.line = number;
    found.column = lines.column(number, at);
    if (found.head()) {
      table = found.path;
    } else if (found.has_equals) {
      value_extent extent;
      bool open = extent.go_on(found.value);
      while (open && number < lines.size()) open = extent.go_on(lines.line(++number));
    }
    found.last_line = number;
    statements.push_back(std::move(found));
  }
  return statements;
}

const statement* statement_at(const std::vector<statement>& statements, std::uint32_t line) {
  for (const auto& found : statements) {
    if (found.line <= line && line <= found.last_line) return &found;
  }
  return nullptr;
}

const statement* contradicted_by(const std::vector<statement>& statements, const statement& later) {
  for (const auto& earlier : statements) {
    if (earlier.line >= later.line) break;
    if (contradict(earlier, later)) return &earlier;
  }
  return nullptr;
}

}  // namespace sluice
