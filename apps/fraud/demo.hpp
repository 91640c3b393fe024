#pragma once

#include <cstdint>

#include "sluice/graph/run_command_line.hpp"

namespace sluice::fraud {

/// The verb `demo`: runs the published stream, within `seconds` (0: as fast as it can be worked
/// off), and prints what was found, then the verdict. Returns the exit code: 0 only if every line
/// of the verdict is right, 4 if one is not.
int demo(const command_line& line, std::uint32_t seconds);

}  // namespace sluice::fraud
