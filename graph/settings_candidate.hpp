#pragma once

#include <cstddef>
#include <string>

#include "sluice/graph/settings_keys.hpp"
#include "sluice/graph/settings_problem.hpp"
#include "sluice/graph/settings_value.hpp"

namespace sluice {

/// A value somebody gave for a known setting; it may still be wrong, or lose.
struct setting_candidate {
  const setting_description* description = nullptr;
  std::string stage;  ///< empty for the graph
  given_value value;
  setting_origin origin;
  std::string source_line;  ///< of a file
  std::size_t source = 0;   ///< number of the file or call; later ones win within their layer
};

/// A setting that has no effect on a stage, and why not.
struct idle_setting {
  std::string stage;
  setting_id id{};
  std::string why;
};

/// A problem and the source it was found in, by which all are ordered in the end.
struct sourced_problem {
  config_problem problem;
  std::size_t source = 0;
};

}  // namespace sluice
