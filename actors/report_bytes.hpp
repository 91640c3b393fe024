#pragma once

#include <string>
#include <string_view>

#include "sluice/actors/messages.hpp"
#include "sluice/records/result.hpp"

namespace sluice {

/// A report as it travels to the coordinator of another node: its counts, one behind the other
/// (state/snapshot_bytes.hpp). Both ends are the same program, which the hello has made sure of.
std::string report_bytes(const actor_report& report);

/// `malformed` if `bytes` are no report.
result<actor_report> read_report(std::string_view bytes);

}  // namespace sluice
