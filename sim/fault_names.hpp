#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sluice/sim/cluster.hpp"

namespace sluice::sim {

/// The kinds of faults a person can ask for, in the order in which they are listed.
const std::vector<std::string>& fault_names();

/// The faults called `kill,drop`; `none` is none of them. Frames get lost, double and late when
/// connections end, so `drop`, `double` and `delay` bring resets along. On an unknown name nothing;
/// it is then in `unknown`.
std::optional<cluster_faults> faults_called(const std::string& list, std::string& unknown);

}  // namespace sluice::sim
