#pragma once

#include <utility>
#include <vector>

#include "sluice/operators/keyed_state.hpp"
#include "sluice/operators/operation.hpp"
#include "sluice/operators/owned_state.hpp"

namespace sluice {

/// Row by row with state per key, in the order of arrival: `f(State&, const T&, rows<Out>)`.
template <record T, record Out, class State, class F, key_value... K>
class scan_operation final : public operation {
 public:
  scan_operation(std::vector<std::size_t> key_columns, F f)
      : columns_(std::move(key_columns)), f_(std::move(f)) {}

  void process(std::size_t, const batch_ptr& rows, outputs& out) override {
    const batch<T> in{*rows};
    to_.open(out);
    state_.update(*rows, columns_,
                  [&](State& s, std::size_t row) { f_(s, in[row], sluice::rows<Out>{to_}); });
    to_.close();
    accesses_ += 2 * rows->size();
  }
  operation_counters counters() const override {
    return {.state_accesses = accesses_, .keys = state_.size(), .state_bytes = state_.bytes()};
  }

  saving how_to_save() const override { return saving_of<keyed_state<State, K...>>; }
  void keep_unsaved() override { state_.keep_unsaved(); }
  saved_state save(bool whole) override { return save_keys(state_, whole); }
  result<void> load(const saved_state& from, key_group_range mine) override {
    return load_keys(state_, from, mine);
  }

 private:
  std::vector<std::size_t> columns_;
  F f_;
  keyed_state<State, K...> state_{changes::ignored};  // unless snapshots need them
  row_writer<Out> to_;
  std::uint64_t accesses_ = 0;
};

}  // namespace sluice
