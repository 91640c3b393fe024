#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sluice/bench/inputs/checksum.hpp"
#include "sluice/bench/inputs/keyed_rows.hpp"
#include "sluice/state/keyed_table.hpp"

namespace sluice::bench {

/// Count and sum of the values of one key: the state of every keyed-sum benchmark.
struct count_sum {
  std::uint64_t count = 0;
  std::int64_t sum = 0;

  bool operator==(const count_sum&) const = default;
};

/// Changes the state of a row; the one function type through which a table is probed, so that all
/// callers share its instantiation.
struct add_row {
  const std::int64_t* values;
  void operator()(count_sum& state, std::size_t row) const {
    ++state.count;
    state.sum += values[row];
  }
};

/// Adds a batch to a table. Out of line: what is compared runs the same code.
void add_rows(keyed_table<count_sum>& table, std::span<const std::uint64_t> keys,
              std::span<const std::int64_t> values);

/// Makes every key of `rows` present with count 0 and no change listed: the steady state.
void prefill(keyed_table<count_sum>& table, const keyed_rows& rows);

/// The answer a table holds; sets every state back to zero for the next run.
answer take_answer(keyed_table<count_sum>& table);

/// The bound of any table: states in an array, dense ids as indices.
class count_sum_array {
 public:
  explicit count_sum_array(std::uint64_t keys) : states_(keys) {}

  void add_rows(std::span<const std::uint64_t> keys, std::span<const std::int64_t> values);

  /// As above.
  answer take_answer();

 private:
  std::vector<count_sum> states_;
};

}  // namespace sluice::bench
