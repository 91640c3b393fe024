#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/graph/settings_problem.hpp"
#include "sluice/graph/settings_value.hpp"

namespace sluice {

/// One part of a dotted key and where it stands.
struct key_part {
  std::string name;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// One value of a file, or a table without values.
struct file_entry {
  std::vector<key_part> path;  ///< at least one part
  given_value value;
  bool empty_table = false;
  std::uint32_t line = 0;  ///< of the value
  std::uint32_t column = 0;
};

/// What a configuration file says, without any notion of which keys exist.
struct file_contents {
  std::vector<file_entry> entries;  ///< in the order of the file
  std::vector<config_problem>
      problems;                        ///< what is not TOML; all of it, as far as that can be told
  std::uint32_t first_table_line = 0;  ///< of the first table head; 0 if there is none
};

/// Reads `content` as TOML 1.0. A broken statement is reported and left out, and what follows is
/// read nevertheless; below a broken table head nothing is read, as nobody knows where it belongs.
/// Refuses more than 1 MiB, keys of more than 16 parts and names of more than 256 bytes.
file_contents read_settings_text(const std::string& name, std::string_view content);

}  // namespace sluice
