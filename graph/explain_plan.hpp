#pragma once

#include <string>

#include "sluice/graph/graph_description.hpp"
#include "sluice/graph/placement.hpp"
#include "sluice/graph/plan.hpp"
#include "sluice/graph/settings.hpp"

namespace sluice {

/// The plan of `g` for people: the actors with the stages fused into them, the channels between
/// them, how rows are spread and gathered, which key groups an instance owns, and what the channels
/// may hold at most.
std::string explain_plan(const graph_description& g, const plan& p, const settings& chosen);

/// How rows that are spread by key cross from node to node: combined first or as they are, and why
/// (FEATURES F701). Empty if none cross.
std::string explain_wires(const graph_description& g, const plan& p, const settings& chosen,
                          const placement& places);

/// One line about a run that begins: stages, actors, threads, interval, policy and size, with their
/// origin where nobody chose them (FEATURES P5).
std::string start_line(const graph_description& g, const plan& p, const settings& chosen);

}  // namespace sluice
