#pragma once

#include <string>

#include "sluice/apps/fraud/handbook_world.hpp"
#include "sluice/records/result.hpp"

namespace sluice::fraud {

/// The verb `generate`: writes the world of `parameters` to `path` as `world_text` has it.
/// Returns the number of rows.
result<std::uint64_t> generate_file(const world_parameters& parameters, const std::string& path);

}  // namespace sluice::fraud
