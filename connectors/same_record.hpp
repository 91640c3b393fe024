#pragma once

#include "sluice/connectors/sink.hpp"

namespace sluice {

/// Fails if the rows that reach `at` are not stored as those of the record `expected`; the names of
/// their fields may differ.
result<void> check_same_record(const schema& expected, const sink_context& at);

}  // namespace sluice
