#include "sluice/connectors/json_text.hpp"

#include <cstddef>

#include "sluice/records/utf8.hpp"

namespace sluice {

namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      out += "\\u00";
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[c & 15];
  }
}

bool needs_escape(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\' || c == 0x7f;
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const std::string_view good = text.substr(0, utf8_prefix(text));
    std::size_t from = 0;
    for (std::size_t i = 0; i < good.size(); ++i) {
      if (!needs_escape(good[i])) continue;
      out += good.substr(from, i - from);
      append_escaped(out, good[i]);
      from = i + 1;
    }
    out += good.substr(from);
    text.remove_prefix(good.size());
    if (text.empty()) break;
    out += "\xef\xbf\xbd";
    text.remove_prefix(1);
  }
  out += '"';
}

namespace {

// The place behind the digits at the front of [at, end); null if there are none.
const char* behind_digits(const char* at, const char* end) {
  const char* const from = at;
  while (at != end && *at >= '0' && *at <= '9') ++at;
  return at == from ? nullptr : at;
}

}  // namespace

bool is_json_number(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  if (at != end && *at == '-') ++at;
  const bool zero = at != end && *at == '0';
  at = zero ? at + 1 : behind_digits(at, end);
  if (at && at != end && *at == '.') at = behind_digits(at + 1, end);
  if (at && at != end && (*at == 'e' || *at == 'E')) {
    ++at;
    if (at != end && (*at == '+' || *at == '-')) ++at;
    at = behind_digits(at, end);
  }
  return at && at == end;
}

}  // namespace sluice
