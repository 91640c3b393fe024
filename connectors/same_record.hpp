#pragma once

#include "sluice/connectors/sink.hpp"

namespace sluice {

/// Fails if the rows that reach `at` do not have the fields `expected` of the sink's record.
result<void> check_same_record(const schema& expected, const sink_context& at);

}  // namespace sluice
