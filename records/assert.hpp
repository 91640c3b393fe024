#pragma once

namespace sluice {

/// Prints what was broken and where, then aborts the process.
[[noreturn]] void assertion_failed(const char* condition, const char* meaning, const char* file,
                                   int line);

}  // namespace sluice

/// Ends the process if `condition` does not hold: one of our own invariants is broken and nothing
/// in this process is to be trusted any more. On in every build; never inside a loop over rows.
#define SLUICE_ASSERT(condition, meaning) \
  ((condition) ? static_cast<void>(0)     \
               : ::sluice::assertion_failed(#condition, meaning, __FILE__, __LINE__))
