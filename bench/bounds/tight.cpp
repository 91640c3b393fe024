#include "sluice/bench/bounds/tight.hpp"

#include <algorithm>
#include <span>

#include "sluice/bench/harness/stopwatch.hpp"

namespace sluice::bench {

tight::tight(const keyed_input& input, const tight_settings& settings)
    : settings_{settings},
      rows_{input},
      table_{settings.emission == emission_class::updates ? changes::recorded : changes::ignored},
      keys_(settings.batch_rows),
      values_(settings.batch_rows),
      out_keys_(settings.batch_rows),
      out_states_(settings.batch_rows) {
  prefill(table_, rows_);
}

outcome tight::run() {
  const bool updates = settings_.emission == emission_class::updates;
  const auto give = [this](std::uint64_t key, const count_sum& state) { emit(key, state); };
  const auto emit_changes = [&] {
    table_.for_each_changed(0, table_.changed(), give);
    table_.clear_changes();
  };
  stopwatch watch;
  watch.start();
  std::uint64_t next_marker = settings_.marker_rows;
  for (std::uint64_t row = 0; row < settings_.rows; row += settings_.batch_rows) {
    const std::size_t count = std::min<std::uint64_t>(settings_.batch_rows, settings_.rows - row);
    const std::span keys = std::span{keys_}.first(count);
    const std::span values = std::span{values_}.first(count);
    rows_.fill(row, keys, values);
    add_rows(table_, keys, values);
    if (updates && row + count >= next_marker) {
      emit_changes();
      next_marker += settings_.marker_rows;
    }
  }
  if (updates) {
    emit_changes();
  } else {
    table_.for_each(give);
  }
  watch.stop();
  outcome out{.rows = settings_.rows,
              .result = {},
              .wall_s = watch.wall_s(),
              .cpu_s = watch.cpu_s(),
              .allocations = watch.allocated()};
  out.result = take_answer(table_);
  return out;
}

void tight::emit(std::uint64_t key, const count_sum& state) {
  if (state.count == 0) return;
  out_keys_[out_rows_] = key;
  out_states_[out_rows_] = state;
  out_rows_ = out_rows_ + 1 == settings_.batch_rows ? 0 : out_rows_ + 1;
}

}  // namespace sluice::bench
