#include "sluice/bench/bounds/count_sum.hpp"

#include <utility>

namespace sluice::bench {

void add_rows(keyed_table<count_sum>& table, std::span<const std::uint64_t> keys,
              std::span<const std::int64_t> values) {
  table.update(keys, add_row{values.data()});
}

void prefill(keyed_table<count_sum>& table, const keyed_rows& rows) {
  constexpr std::uint64_t batch = 8192;
  table.reserve(rows.input().keys);
  std::vector<std::uint64_t> keys;
  for (std::uint64_t id = 0; id < rows.input().keys; ++id) {
    keys.push_back(rows.key_of(id));
    if (keys.size() == batch || id + 1 == rows.input().keys) {
      table.update(keys, [](count_sum&, std::size_t) {});
      keys.clear();
    }
  }
  table.clear_changes();
}

answer take_answer(keyed_table<count_sum>& table) {
  keyed_sums sums;
  table.for_some(0, table.slots(), [&](std::uint64_t key, count_sum& state) {
    sums.add(key, state.count, state.sum);
    state = {};
  });
  return sums.result();
}

void count_sum_array::add_rows(std::span<const std::uint64_t> keys,
                               std::span<const std::int64_t> values) {
  count_sum* const states = states_.data();
  for (std::size_t row = 0; row < keys.size(); ++row) {
    add_row{values.data()}(states[keys[row]], row);
  }
}

answer count_sum_array::take_answer() {
  keyed_sums sums;
  for (std::uint64_t id = 0; id < states_.size(); ++id) {
    const count_sum state = std::exchange(states_[id], {});
    sums.add(id, state.count, state.sum);
  }
  return sums.result();
}

}  // namespace sluice::bench
