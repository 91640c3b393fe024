#include "sluice/graph/settings_syntax.hpp"

#include <algorithm>

#include "sluice/graph/settings_problem.hpp"

namespace sluice {

namespace {

constexpr std::string_view comment_hint = "comments start with #";

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

std::string_view trimmed(std::string_view text) {
  auto begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

std::string_view before_comment(std::string_view text) {
  return trimmed(text.substr(0, text.find('#')));
}

// Length of the number `text` begins with: 6000 of `6000--- as said`; 0 if it begins with none.
std::size_t number_length(std::string_view text) {
  std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  auto end = sign;
  while (end < text.size() && (digit(text[end]) || text[end] == '_')) ++end;
  if (end == sign) return 0;
  if (end + 1 < text.size() && text[end] == '.' && digit(text[end + 1])) {
    for (++end; end < text.size() && digit(text[end]);) ++end;
  }
  return end;
}

syntax_fault text_after(std::string_view what, std::string_view rest) {
  return {"text after the " + std::string(what) + ": " + printable(trimmed(rest)),
          std::string(comment_hint)};
}

syntax_fault quote_it(std::string_view what, std::string_view value) {
  auto shown = printable(value);
  bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c > ' ' && c < 0x7F; });
  return {std::string(what) + " must be quoted: " + shown,
          plain ? "quote it: \"" + shown + "\"" : "put it between two \" characters"};
}

// "Error while parsing date: expected …" says where the parser was; what it expected is the news.
std::string parser_words(std::string_view says) {
  constexpr std::string_view opening = "Error while parsing ";
  if (says.starts_with(opening)) {
    auto colon = says.find(": ");
    if (colon != says.npos) says.remove_prefix(colon + 2);
  }
  return printable(says);
}

syntax_fault not_toml(std::string_view says) {
  return {"not valid TOML: " + parser_words(says), {}};
}

syntax_fault head_fault(const statement& broken, std::string_view says) {
  auto text = broken.text;
  auto close = text.find(']');
  if (close == text.npos) {
    return {"table head without closing bracket: " + printable(before_comment(text)),
            "write it as [name]"};
  }
  if (broken.odd_key) {
    return {"not a table name: " + printable(before_comment(text)),
            "a name is letters, digits, _ and -, joined by dots"};
  }
  auto rest = trimmed(text.substr(close + 1));
  if (!rest.empty() && rest[0] != '#' && rest[0] != ']') return text_after("table head", rest);
  return not_toml(says);
}

syntax_fault string_fault(std::string_view value, std::string_view says) {
  char quote = value[0];
  if (value.starts_with(std::string(3, quote))) {
    bool open = says.find("end-of-file") != says.npos;
    return open ? syntax_fault{"text without closing quotes: " + printable(value), {}}
                : not_toml(says);
  }
  auto close = value.find(quote, 1);
  while (close != value.npos && quote == '"' && value[close - 1] == '\\') {
    close = value.find(quote, close + 1);
  }
  if (close == value.npos) {
    return {"text without closing quote: " + printable(trimmed(value)), {}};
  }
  auto rest = trimmed(value.substr(close + 1));
  if (!rest.empty() && rest[0] != '#') return text_after("value", rest);
  return not_toml(says);
}

syntax_fault number_fault(const statement& broken, std::size_t length, std::string_view says) {
  auto value = broken.value;
  auto rest = value.substr(length);
  auto unit = before_comment(rest);
  if (unit.empty()) {
    bool large = says.find("representable") != says.npos;
    auto shown = printable(written_path(broken.path)) + " = " + printable(before_comment(value));
    return {(large ? "number too large: " : "malformed number: ") + shown,
            large ? "" : parser_words(says)};
  }
  bool attached = unit.data() == rest.data() && std::all_of(unit.begin(), unit.end(), letter);
  if (attached) return quote_it("value with a unit", value.substr(0, length + unit.size()));
  return text_after("value", rest);
}

syntax_fault pair_fault(const statement& broken, std::string_view says) {
  auto key = written_path(broken.path);
  if (broken.path.back().empty() && broken.has_equals) {
    return {"missing key: " + printable(before_comment(broken.text)), "write it as key = value"};
  }
  if (std::string_view("/-;%!").find(broken.text[0]) != std::string_view::npos) {
    return {"not a setting: " + printable(trimmed(broken.text)), std::string(comment_hint)};
  }
  if (!broken.has_equals) {
    return {"= expected after the key: " + printable(before_comment(broken.text)),
            "write it as key = value"};
  }
  if (broken.odd_key) {
    return {"not a key: " + printable(key), "a key is letters, digits, _ and -, joined by dots"};
  }
  auto value = broken.value;
  if (before_comment(value).empty()) return {"missing value: " + printable(key), {}};
  if (value[0] == '"' || value[0] == '\'') return string_fault(value, says);
  if (value[0] == '[' || value[0] == '{') return not_toml(says);
  if (value[0] == '=') return {"= is there twice: " + printable(key), "write it as key = value"};
  if (auto length = number_length(value)) return number_fault(broken, length, says);
  return quote_it("text", before_comment(value));
}

}  // namespace

syntax_fault name_fault(const statement& broken, std::string_view parser_says) {
  return broken.head() ? head_fault(broken, parser_says) : pair_fault(broken, parser_says);
}

syntax_fault name_repetition(const statement& earlier, const statement& later) {
  auto name = [](const statement& s) {
    auto path = printable(written_path(s.path));
    return s.head() ? "[" + path + "]" : path;
  };
  auto both =
      " (line " + std::to_string(earlier.line) + " and line " + std::to_string(later.line) + ")";
  if (later.head() && earlier.path.size() > later.path.size()) {
    return {"table already given by a key: " + name(earlier) + " and " + name(later) + both,
            "put all its keys below one head"};
  }
  if (earlier.path != later.path || earlier.head() != later.head()) {
    return {"both a table and a value: " + name(earlier) + " and " + name(later) + both, {}};
  }
  return {"given twice: " + name(later) + both,
          later.head() ? "put all its keys below one head" : "keep one of the two lines"};
}

std::string written_path(const std::vector<std::string>& path) {
  std::string text;
  for (const auto& part : path) {
    bool bare = !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return letter(c) || digit(c) || c == '_' || c == '-';
    });
    if (!text.empty()) text += '.';
    text += bare ? part : '"' + part + '"';
  }
  return text;
}

}  // namespace sluice
