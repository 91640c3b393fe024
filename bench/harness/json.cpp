#include "sluice/bench/harness/json.hpp"

#include <cmath>
#include <cstdio>

namespace sluice::bench {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
      out += escape;
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace

json_object& json_object::add(std::string_view name, std::string_view value) {
  return add_raw(name, quoted(value));
}

json_object& json_object::add(std::string_view name, bool value) {
  return add_raw(name, value ? "true" : "false");
}

json_object& json_object::add(std::string_view name, const json_object& value) {
  return add_raw(name, value.text());
}

json_object& json_object::add(std::string_view name, double value) {
  if (!std::isfinite(value)) return add_raw(name, "null");
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.6g", value);
  return add_raw(name, digits);
}

json_object& json_object::add_raw(std::string_view name, std::string_view value) {
  if (!members_.empty()) members_ += ',';
  members_ += quoted(name);
  members_ += ':';
  members_ += value;
  return *this;
}

}  // namespace sluice::bench
