#pragma once

#include <string_view>

#include "sluice/apps/fraud/fraud_graph.hpp"

namespace sluice::fraud {

/// The verb `verify`: prints V1 to V5, the sweep of V6 and V9, a line each as it is known; of these
/// `part` only, which is `small`, `slow` or `full`, unless it is empty. `steps` are those of the
/// program unless a check is to be seen failing. Returns the exit code: 0, or 4 if a
/// line is not right. Throws `std::runtime_error` if a run fails.
int verify(const fraud_steps& steps, std::string_view part = {});

}  // namespace sluice::fraud
