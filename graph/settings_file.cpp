#include "sluice/graph/settings_file.hpp"

#include <algorithm>
#include <span>

#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include "sluice/graph/settings_lines.hpp"
#include "sluice/graph/settings_scan.hpp"
#include "sluice/graph/settings_segments.hpp"
#include "sluice/graph/settings_syntax.hpp"

namespace sluice {

namespace {

constexpr std::size_t largest_file = 1 << 20;
constexpr std::size_t most_key_parts = 16;
constexpr std::size_t longest_name = 256;
constexpr std::ptrdiff_t most_dots_in_braces = 64;
constexpr std::size_t most_faults = 100;

// No setting takes an array, nor a table in braces over several lines.
bool bracketed(const statement& found) {
  bool opens = found.value.starts_with('[') || found.value.starts_with('{');
  return opens && (found.value.find('[') != found.value.npos || found.last_line > found.line);
}

bool deep(const statement& found) {
  auto dots = std::count(found.value.begin(), found.value.end(), '.');
  return found.path.size() - found.table_depth > most_key_parts ||
         (found.value.starts_with('{') && dots > most_dots_in_braces);
}

class file_reading {
 public:
  file_reading(const std::string& name, std::string_view content)
      : name_(name), lines_(content), statements_(scan_statements(content)) {
    auto plain = plain_characters(content);
    settings_lines plain_lines(plain);
    for (std::uint32_t number = 1; number <= plain_lines.size(); ++number) {
      readable_.emplace_back(plain_lines.line(number));
    }
  }

  file_contents read() {
    for (const auto& found : statements_) {
      if (found.head() && contents_.first_table_line == 0) contents_.first_table_line = found.line;
      prepare(found);
    }
    for (std::size_t fault = 0; fault < most_faults; ++fault) {
      std::string text = readable_.front();
      for (const auto& line : std::span(readable_).subspan(1)) text += '\n' + line;
      auto parsed = toml::parse(std::string_view(text));
      if (parsed) {
        std::vector<key_part> path;
        collect(parsed.table(), path);
        break;
      }
      if (!leave_out(parsed.error())) break;
    }
    order_by_position();
    return std::move(contents_);
  }

 private:
  // Takes out what the parser must not see: names too long and keys too deep, as it and `collect`
  // recurse into them; heads without a name and arrays, as toml++ 3.3 takes for granted that they
  // are right (parser.inl, TOML_ASSERT_ASSUME in parse_key and parse_value).
  void prepare(const statement& found) {
    auto own = std::span(found.path).subspan(found.table_depth);
    bool long_name = std::any_of(own.begin(), own.end(),
                                 [](const auto& part) { return part.size() > longest_name; });
    if (long_name || deep(found)) {
      report(found.line, found.column, {"key too long: " + printable(found.text), {}});
      blank_out(found);
    } else if (found.head() && found.odd_key) {
      report(found.line, found.column, name_fault(found, "no name"));
      blank_out(found);
    } else if (bracketed(found)) {
      auto& line = readable_[found.line - 1];
      auto before = found.value.data() - lines_.line(found.line).data();
      auto key = settings_lines(line).slice(1, 1, lines_.column(found.line, before));
      auto stand_in = std::string(key) + "false";
      blank_out(found);
      line = stand_in;
    }
  }

  // Reports the statement the parser stumbled over and blanks it. Returns false if nothing is
  // gained.
  bool leave_out(const toml::parse_error& error) {
    auto at = error.source().begin;
    auto broken = statement_at(statements_, at.line);
    if (!broken) {
      report(at.line, at.column, {"not valid TOML: " + printable(error.description()), {}});
      return false;
    }
    if (auto earlier = contradicted_by(statements_, *broken)) {
      report(broken->line, broken->column, name_repetition(*earlier, *broken));
    } else {
      report(at.line, at.column, name_fault(*broken, error.description()));
    }
    return blank_out(*broken);
  }

  // Blanks a pair, or a table head with all that stands below it. Line numbers stay as they are.
  // Returns false if all was blank before.
  bool blank_out(const statement& broken) {
    auto last = broken.last_line;
    if (broken.head()) {
      auto next = std::find_if(statements_.begin(), statements_.end(), [&](const statement& s) {
        return s.head() && s.line > broken.line;
      });
      last = next == statements_.end() ? lines_.size() : next->line - 1;
    }
    bool changed = false;
    for (auto line = broken.line; line <= last; ++line) {
      changed = changed || !readable_[line - 1].empty();
      readable_[line - 1].clear();
    }
    return changed;
  }

  void report(std::uint32_t line, std::uint32_t column, syntax_fault fault) {
    setting_origin origin{setting_layer::file, name_, line, column, {}};
    contents_.problems.push_back({problem_severity::error, std::move(origin),
                                  std::move(fault.message), std::move(fault.hint),
                                  std::string(lines_.line(line))});
  }

  void collect(const toml::table& table, std::vector<key_part>& path) {
    for (const auto& [key, node] : table) {
      auto at = key.source().begin;
      path.push_back({std::string(key.str()), at.line, at.column});
      auto below = node.as_table();
      if (below && !below->empty()) {
        collect(*below, path);
      } else {
        add(node, path);
      }
      path.pop_back();
    }
  }

  void add(const toml::node& node, const std::vector<key_part>& path) {
    auto source = node.source();
    file_entry entry;
    entry.path = path;
    entry.empty_table = node.is_table();
    entry.line = source.begin.line;
    entry.column = source.begin.column;
    entry.value.shown = shown(source);
    entry.value.form = value_form::other;
    if (auto number = node.as_integer()) {
      entry.value.form = value_form::integer;
      entry.value.number = number->get();
    } else if (auto text = node.as_string()) {
      entry.value.form = value_form::quoted;
      entry.value.text = text->get();
    }
    contents_.entries.push_back(std::move(entry));
  }

  std::string shown(const toml::source_region& source) const {
    auto given = statement_at(statements_, source.begin.line);
    bool whole = source.begin.line == source.end.line && !(given && bracketed(*given));
    auto end = whole ? source.end.column : UINT32_MAX;
    auto text = printable(lines_.slice(source.begin.line, source.begin.column, end));
    return given && given->last_line > given->line ? text + "…" : text;
  }

  // The parser's tables iterate by name.
  void order_by_position() {
    auto before = [](const auto& a, const auto& b) {
      return a.line != b.line ? a.line < b.line : a.column < b.column;
    };
    std::stable_sort(contents_.entries.begin(), contents_.entries.end(), before);
    std::stable_sort(contents_.problems.begin(), contents_.problems.end(),
                     [&](const auto& a, const auto& b) { return before(a.origin, b.origin); });
  }

  const std::string& name_;
  settings_lines lines_;
  std::vector<statement> statements_;
  std::vector<std::string> readable_;  // the lines as the parser gets them
  file_contents contents_;
};

}  // namespace

file_contents read_settings_text(const std::string& name, std::string_view content) {
  if (content.size() > largest_file) {
    file_contents refused;
    setting_origin origin{setting_layer::file, name, 0, 0, {}};
    refused.problems.push_back({problem_severity::error,
                                std::move(origin),
                                "configuration file too large: " + std::to_string(content.size()) +
                                    " bytes (at most " + std::to_string(largest_file) + ")",
                                {},
                                {}});
    return refused;
  }
  return file_reading(name, content).read();
}

}  // namespace sluice
