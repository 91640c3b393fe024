#include "sluice/bench/harness/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sluice::bench {

spread spread_of(std::vector<double> values) {
  if (values.empty()) throw std::invalid_argument{"no repetitions to take the median of"};
  std::sort(values.begin(), values.end());
  const std::size_t half = values.size() / 2;
  const double median =
      values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return {median, values.front(), values.back()};
}

double geometric_mean(const std::vector<double>& values) {
  double logarithms = 0;
  for (const double value : values) logarithms += std::log(value);
  return std::exp(logarithms / static_cast<double>(values.size()));
}

}  // namespace sluice::bench
