#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sluice/graph/run_command_line.hpp"

namespace sluice {

/// The compiler and the libraries: `g++ 12.2 (optimised), CAF 0.17.6, sluice 0.1.0`.
std::string built_with();

/// What `list` prints: connectors and options compiled in, and the libraries.
std::string list_text();

/// What `help settings` and `help exit` print.
std::string settings_help();
std::string exit_help(const std::vector<std::pair<int, std::string>>& own_codes);

}  // namespace sluice
