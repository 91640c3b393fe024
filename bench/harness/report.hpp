#pragma once

#include <cstdint>
#include <string>

#include "sluice/bench/harness/contest.hpp"
#include "sluice/bench/harness/json.hpp"
#include "sluice/bench/harness/options.hpp"
#include "sluice/bench/harness/trial.hpp"

namespace sluice::bench {

/// What all lines of one program share.
struct report_frame {
  std::string bench;  // "TB"
  bench::size size = size::gate;
  std::uint64_t seed = 42;
  json_object noise{};
};

/// The JSON line for one finding, the same members for every benchmark; "attempts" follows its
/// members.
std::string report_line(const report_frame& frame, const finding& f);

/// The same for one figure of a trial, its members about a bound null; "measure", "value" and the
/// trial's own follow.
std::string report_line(const report_frame& frame, const trial& t, const trial_finding& found,
                        const figure& f);

/// One finding for human eyes, on one line.
std::string progress_line(const finding& f);
std::string progress_line(const trial& t, const trial_finding& found, const figure& f);

}  // namespace sluice::bench
