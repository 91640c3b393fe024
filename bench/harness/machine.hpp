#pragma once

#include <optional>
#include <string>

#include "sluice/bench/harness/json.hpp"

namespace sluice::bench {

/// {"cpu","cores","l2_kib","mem_mib","kernel"} of this machine.
json_object machine_facts();

/// The CPUs this process is restricted to ("1", "0,1"), or nothing if it may use all.
std::optional<std::string> pinned_to();

/// Compiler, its version and the build type, as "GNU 12.2.0 Release".
std::string build_name();

/// The commit this was built from, "-dirty" appended if files differed; "unknown" outside a
/// repository.
std::string revision();

/// Memory this process occupies now, in MiB.
long resident_mib();

}  // namespace sluice::bench
