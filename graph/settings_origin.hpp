#pragma once

#include <cstdint>
#include <string>

#include "sluice/graph/call_site.hpp"

namespace sluice {

/// Who may give a setting, in rising precedence. Among files the later one wins, within code the
/// later call, on the command line the later flag.
enum class setting_layer : std::uint8_t { standard, code, file, environment, command_line };

/// Where a setting was given.
struct setting_origin {
  setting_layer layer = setting_layer::standard;
  std::string name;        ///< file, source file, environment variable or flag; empty for a default
  std::uint32_t line = 0;  ///< from 1; 0 where there is none
  std::uint32_t column = 0;  ///< in characters, from 1; 0 where there is none
  std::string key;           ///< as spelled there, such as `blink.miniBatch.size`

  bool operator==(const setting_origin&) const = default;
};

/// Returns the place alone: `fraud.toml:2:31`, `main.cpp:12`, `SLUICE_BATCH_ROWS`, `--set
/// batch.rows=1`, or `default`.
std::string place(const setting_origin& origin);

}  // namespace sluice
