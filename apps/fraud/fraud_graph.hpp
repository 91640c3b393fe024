#pragma once

#include <cstddef>

#include "sluice/apps/fraud/any_sink.hpp"
#include "sluice/apps/fraud/evaluation.hpp"
#include "sluice/apps/fraud/rules.hpp"
#include "sluice/apps/fraud/score_payments.hpp"
#include "sluice/apps/fraud/world_sources.hpp"
#include "sluice/graph/graph.hpp"

namespace sluice::fraud {

/// What the stages compute with.
struct fraud_steps {
  score_models models;
  rule_limits limits;
  test_period period;
  std::size_t parallelism = 1;  ///< Instances of every stage but the clock.
};

/// Where results go; what is not named is computed and dropped.
struct fraud_sinks {
  any_sink decisions;  ///< `decision`, as soon as it is made
  any_sink features;   ///< `features`
  any_sink alerts;     ///< `alert`, at the end of its hour
  any_sink scores;     ///< `scored`, of the test week
  any_sink cards;      ///< `card_day`, 100 at the end of each day
};

/// Puts the fraud graph into `g`: every payment is answered at once, by what its customer did
/// before; behind that, batch by batch, it meets what the labels have told about its terminal, and
/// is scored.
void compose(graph& g, const world_feed& feed, const fraud_steps& steps, const fraud_sinks& sinks);

}  // namespace sluice::fraud
