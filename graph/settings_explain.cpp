#include <algorithm>

#include "sluice/graph/settings.hpp"
#include "sluice/graph/settings_keys.hpp"
#include "sluice/graph/settings_value.hpp"

namespace sluice {

namespace {

// `fraud.toml:2:31 (blink.miniBatch.allowLatencyMs)`, the key only where it is spelled otherwise.
std::string spoken(const setting_origin& origin, std::string_view name) {
  std::string text;
  if (origin.layer == setting_layer::code) text = "code ";
  if (origin.layer == setting_layer::environment) text = "environment ";
  if (origin.layer == setting_layer::command_line) text = "command line ";
  text += place(origin);
  if (!origin.key.empty() && origin.key != name) text += " (" + origin.key + ")";
  return text;
}

struct explained_line {
  std::string name, value, origin;
};

std::vector<explained_line> explained_lines(const settings& chosen) {
  std::vector<explained_line> lines;
  for (const auto& entry : chosen.entries()) {
    const auto& description = describe(entry.id);
    std::string name(entry.stage.empty() ? description.name : description.stage_names.front());
    if (!entry.stage.empty()) name = "stage." + entry.stage + "." + name;
    lines.push_back(
        {name, format_value(description, entry.value, entry.text), spoken(entry.origin, name)});
    for (const auto& loser : entry.losers) {
      lines.push_back({"", format_value(description, loser.value, loser.text),
                       "loses: " + spoken(loser.origin, name)});
    }
  }
  return lines;
}

}  // namespace

std::string explain(const settings& chosen) {
  auto lines = explained_lines(chosen);
  std::size_t name_width = 0;
  std::size_t value_width = 0;
  for (const auto& line : lines) {
    name_width = std::max(name_width, line.name.size());
    value_width = std::max(value_width, line.value.size());
  }
  std::string text;
  for (const auto& line : lines) {
    text += line.name + std::string(name_width - line.name.size() + 2, ' ');
    text += line.value + std::string(value_width - line.value.size() + 2, ' ');
    text += line.origin + "\n";
  }
  return text;
}

}  // namespace sluice
