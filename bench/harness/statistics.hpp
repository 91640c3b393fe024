#pragma once

#include <vector>

namespace sluice::bench {

/// Median, smallest and largest of the repetitions of one measure.
struct spread {
  double median = 0;
  double min = 0;
  double max = 0;

  bool operator==(const spread&) const = default;
};

/// Throws `std::invalid_argument` if `values` is empty. The median of an even number is the mean of
/// the two in the middle.
spread spread_of(std::vector<double> values);

/// The geometric mean of positive values; the fair mean of two runs of one bound.
double geometric_mean(const std::vector<double>& values);

}  // namespace sluice::bench
