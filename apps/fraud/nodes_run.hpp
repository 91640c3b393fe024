#pragma once

#include "sluice/apps/fraud/settings_sweep.hpp"
#include "sluice/graph/graph.hpp"
#include "sluice/graph/run_command_line.hpp"
#include "sluice/operators/run_status.hpp"
#include "sluice/records/result.hpp"

namespace sluice::fraud {

/// Runs the fraud graph `g` over the world of `parameters` on `setting.nodes` processes of this
/// machine, quietly: this one, which the sinks of `g` are in, and others of the same program, which
/// end with the run. Errors: what kept it from beginning.
result<run_status> run_on_nodes(const graph& g, const world_parameters& parameters,
                                const run_setting& setting);

/// The verb `verify-node`: one of those others. Returns the exit code.
int verify_node(const command_line& line, const fraud_steps& steps,
                const world_parameters& parameters);

}  // namespace sluice::fraud
