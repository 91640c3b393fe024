#include "sluice/bench/bounds/keyed_sum.hpp"

#include <algorithm>

namespace sluice::bench {

std::unique_ptr<keyed_sum> make_keyed_sum(emit when) {
  return std::make_unique<keyed_sum>(std::vector<std::size_t>{0}, when, nullptr, count(),
                                     sum(&keyed_row::value));
}

keyed_batches::keyed_batches(const keyed_input& input, std::uint64_t rows, bool warm)
    : source_(input), rows_(rows), warm_left_(warm ? input.keys : 0) {}

void keyed_batches::fill(column_batch& into) {
  const std::uint64_t left = warmed_up() ? rows_ - at_ : warm_left_;
  const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.capacity(), left));
  const std::span keys{into.values<std::uint64_t>(0), count};
  const std::span values{into.values<std::int64_t>(1), count};
  if (warmed_up()) {
    source_.fill(at_, keys, values);
    at_ += count;
  } else {
    for (std::uint64_t& key : keys) key = source_.key_of(--warm_left_);
    std::fill(values.begin(), values.end(), 0);
  }
  into.resize(count);
}

void total_sums::add(const column_batch& totals) {
  const batch<keyed_total> rows{totals};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const keyed_total row = rows[i];
    sums_.add(row.key, row.count - (warm_ ? 1 : 0), row.sum);
  }
}

}  // namespace sluice::bench
