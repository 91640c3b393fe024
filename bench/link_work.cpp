#include "sluice/bench/link_work.hpp"

#include <algorithm>
#include <numeric>

namespace sluice::bench {

link_work::link_work(const keyed_input& input, std::uint64_t rows, std::size_t batch_rows)
    : source_(input), count_(rows), batch_rows_(batch_rows), table_(changes::ignored) {
  prefill(table_, source_);
}

std::size_t link_work::rows_of(std::uint64_t b) const {
  return static_cast<std::size_t>(std::min<std::uint64_t>(batch_rows_, count_ - b * batch_rows_));
}

void link_work::fill(std::uint64_t b, const columns_to_fill& into) const {
  const std::uint64_t first = b * batch_rows_;
  source_.fill(first, into.keys, into.values);
  std::iota(into.numbers.begin(), into.numbers.end(), first);
}

bool link_work::take(const columns_to_take& from) {
  if (from.numbers.empty() || from.numbers.front() != taken_) return false;
  add_rows(table_, from.keys, from.values);
  taken_ += from.keys.size();
  return from.numbers.back() + 1 == taken_;
}

answer link_work::result() {
  const bool all = taken_ == count_;
  taken_ = 0;
  answer sums = take_answer(table_);
  return all ? sums : answer{};
}

columns_to_fill columns_in(char* bytes, std::size_t rows) {
  auto* const keys = reinterpret_cast<std::uint64_t*>(bytes);
  return {
      {keys, rows}, {reinterpret_cast<std::int64_t*>(keys + rows), rows}, {keys + 2 * rows, rows}};
}

columns_to_take columns_in(const char* bytes, std::size_t rows) {
  const auto* const keys = reinterpret_cast<const std::uint64_t*>(bytes);
  return {{keys, rows},
          {reinterpret_cast<const std::int64_t*>(keys + rows), rows},
          {keys + 2 * rows, rows}};
}

}  // namespace sluice::bench
