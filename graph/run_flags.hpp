#pragma once

#include <string>
#include <vector>

#include "sluice/graph/run_arguments.hpp"
#include "sluice/graph/run_choices.hpp"

namespace sluice {

/// The verbs every program has.
std::vector<verb_description> usual_verbs();

/// The flags every program has. They write into `into`, which outlives them. `running` are the
/// program's own verbs that run a graph: the flags of `run` go with them too; those that only shape
/// messages go with all of `others` as well.
std::vector<flag_description> usual_flags(run_choices& into,
                                          const std::vector<std::string>& running,
                                          const std::vector<std::string>& others);

/// Understands `last`, `none` or the number of an epoch. Returns what would have been right, or
/// nothing.
std::string take_beginning(const std::vector<std::string>& values, run_beginning& into);

/// Understands `17..42` or `17`, from 1. Returns what would have been right, or nothing.
std::string take_seeds(const std::vector<std::string>& values, simulation_choices& into);

/// Understands a switch: `true`, `1`, `yes` and `on`, or `false`, `0`, `no` and `off`.
/// Returns what would have been right, or nothing.
std::string take_switch(const std::vector<std::string>& values, bool& into);

}  // namespace sluice
