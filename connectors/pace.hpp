#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace sluice {

/// Says how many rows of an even stream are due: row `first` + i at i / rate seconds after the
/// first question. Time that was lost is caught up with (an open loop).
class pace {
 public:
  using time_point = std::chrono::steady_clock::time_point;
  using clock = time_point (*)();

  /// `rate` rows a second; 0: all rows are due. Those before `first` are due already.
  pace(double rate, clock now, std::uint64_t first) : rate_(rate), now_(now), first_(first) {}

  std::uint64_t rows_due();

 private:
  double rate_;
  clock now_;
  std::uint64_t first_;
  bool started_ = false;
  time_point start_{};
};

/// `generator, 1000 rows, 50 rows/s`
std::string describe_generated(std::uint64_t count, double rate);

}  // namespace sluice
