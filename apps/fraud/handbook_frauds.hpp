#pragma once

#include "sluice/apps/fraud/handbook_world.hpp"

namespace sluice::fraud {

/// Plants the frauds into the sorted, honest rows of `world`, one scenario after the other; a later
/// one overwrites the number of an earlier one. No draws of one day depend on another's, and the
/// last day of the world starts none.
///
///   1  amount above 220.00
///   2  two terminals a day, each taken over for 28 days: all their rows
///   3  three customers a day, robbed for 14 days: a third of their rows, at five times the amount
void plant_frauds(handbook_world& world);

}  // namespace sluice::fraud
