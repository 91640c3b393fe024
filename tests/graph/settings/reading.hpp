#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sluice/graph/settings_reader.hpp"

namespace sluice {

/// The stages of the graph the tests read settings for.
inline const std::vector<std::string> test_stages{"decide", "alerts"};

/// Returns what comes of one file of that content, called a.toml, and nothing else.
inline settings_reading read_text(std::string_view content) {
  settings_reader reader(test_stages);
  reader.text("a.toml", content);
  return reader.read();
}

inline std::vector<std::string> one_lines(const std::vector<config_problem>& problems) {
  std::vector<std::string> lines;
  for (const auto& problem : problems) lines.push_back(one_line(problem));
  return lines;
}

using lines = std::vector<std::string>;

}  // namespace sluice
