#pragma once

#include <optional>
#include <string>

#include "sluice/links/hub.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// The keys that the settings `cluster.key` and `cluster.allowed` name, for the node `self`;
/// nothing if both are empty. A line of the second file is as `keys new` prints it; empty lines and
/// those behind `#` say nothing. Errors name file and line: one of the two alone, a key of another
/// node, a line that is none, nobody allowed.
result<std::optional<hub_keys>> read_cluster_keys(const std::string& key_file,
                                                  const std::string& allowed_file,
                                                  const std::string& self);

}  // namespace sluice
