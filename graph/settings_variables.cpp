#include "sluice/graph/settings_variables.hpp"

#include <algorithm>

#include "sluice/graph/settings_problem.hpp"

namespace sluice {

namespace {

bool variable_name(std::string_view name) {
  auto letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_'; };
  auto part = [&](char c) { return letter(c) || (c >= '0' && c <= '9'); };
  return !name.empty() && letter(name.front()) && std::all_of(name.begin(), name.end(), part);
}

}  // namespace

replaced_text replace_variables(std::string_view text, const variable_lookup& variable) {
  replaced_text out;
  for (auto open = text.find("${"); open != text.npos; open = text.find("${")) {
    out.any = true;
    out.text += text.substr(0, open);
    text.remove_prefix(open + 2);
    auto close = text.find('}');
    if (close == text.npos) {
      out.wrong = "variable without closing brace";
      return out;
    }
    auto inside = text.substr(0, close);
    text.remove_prefix(close + 1);
    auto colon = inside.find(":-");
    auto name = inside.substr(0, colon);
    if (!variable_name(name)) {
      out.wrong = "no name of a variable: \"" + printable(name) + "\"";
      return out;
    }
    auto value = variable(name);
    if (colon != inside.npos && (!value || value->empty())) value = inside.substr(colon + 2);
    if (!value) {
      out.wrong = "environment variable not set: " + printable(name);
      return out;
    }
    out.text += *value;
  }
  out.text += text;
  return out;
}

}  // namespace sluice
