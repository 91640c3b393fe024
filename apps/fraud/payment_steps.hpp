#pragma once

#include "sluice/apps/fraud/rules.hpp"

/// The steps a payment goes through, one function each. None reads a clock or anything but its
/// arguments, so their order alone decides the result.
namespace sluice::fraud {

/// Takes the customer's next payment in and answers it (R1 to R5).
decided decide(const transaction& row, customer_windows& customer, const rule_limits& limits);

/// Adds what is known about the terminal, and R6, to an answered payment. The scores stay 0.
examined examine(const decided& row, terminal_windows& terminal);

/// The answer as it leaves the program; its text lives as long as the program.
decision decision_of(const decided& row);

/// The integers of a payment as they leave the program.
features features_of(const examined& row);

}  // namespace sluice::fraud
