#pragma once

#include <functional>
#include <string>

#include "sluice/records/result.hpp"

namespace sluice::sim {

/// Does `work` in a process of its own and returns what it returns: what it changes in memory is
/// gone afterwards, and so is the process if it breaks down. Errors: `failed`, it was ended by a
/// signal, took longer than `seconds`, or could not be made. The caller has no other threads.
result<std::string> in_own_process(const std::function<std::string()>& work, unsigned seconds);

}  // namespace sluice::sim
