#include "sluice/graph/settings_environment.hpp"

#include <algorithm>
#include <cctype>

#include <unistd.h>

#include "sluice/graph/settings_keys.hpp"
#include "sluice/graph/settings_nearest.hpp"
#include "sluice/graph/settings_reader.hpp"

namespace sluice {

namespace {

bool upper(char c) { return c >= 'A' && c <= 'Z'; }
bool lower_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

std::string without_underscores(std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c != '_') plain += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return plain;
}

std::vector<std::string> all_keys(std::span<const std::string> stages) {
  std::vector<std::string> keys;
  for (const auto& description : setting_descriptions()) {
    keys.insert(keys.end(), description.names.begin(), description.names.end());
    for (const auto& stage : stages) {
      for (auto name : description.stage_names) {
        keys.push_back("stage." + stage + "." + std::string(name));
      }
    }
  }
  return keys;
}

}  // namespace

std::string variable_of_key(std::string_view key) {
  std::string name = "SLUICE_";
  char previous = '_';
  for (char c : key) {
    if (upper(c) && lower_or_digit(previous)) name += '_';
    bool named = upper(c) || lower_or_digit(c);
    name += named ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : '_';
    previous = c;
  }
  return name;
}

variable_meaning meaning_of_variable(std::string_view variable, std::span<const std::string> stages,
                                     std::span<const std::string> flags) {
  variable_meaning meaning;
  auto plain = without_underscores(variable);
  std::vector<std::string> known;
  for (const auto& key : all_keys(stages)) {
    known.push_back(variable_of_key(key));
    if (without_underscores(known.back()) == plain) meaning.keys.push_back(key);
  }
  for (const auto& flag : flags) {
    known.push_back(variable_of_key(flag));
    if (without_underscores(known.back()) == plain) meaning.flag = true;
  }
  if (meaning.keys.empty() && !meaning.flag) meaning.nearest = nearest_name(variable, known);
  return meaning;
}

std::vector<environment_variable> process_environment() {
  std::vector<environment_variable> variables;
  for (char** entry = environ; entry && *entry; ++entry) {
    std::string_view text = *entry;
    auto equals = text.find('=');
    if (equals != text.npos)
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  std::sort(variables.begin(), variables.end());
  return variables;
}

}  // namespace sluice
