#pragma once

#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/operators/held_rows.hpp"
#include "sluice/operators/keyed_state.hpp"
#include "sluice/operators/operation.hpp"
#include "sluice/operators/owned_state.hpp"

namespace sluice {

/// One input of an event-time scan: its record and `f(State&, const T&, rows<Out>)`.
template <record T, class F>
struct ordered_input {
  using record_type = T;
  std::vector<std::size_t> key_columns;
  order_columns order;
  F f;
};

/// Row by row with state per key, in the order of event time over all inputs: a row is taken when
/// the watermark of every input has passed it; at one instant the inputs come in their order, then
/// rows by their tie field. Late rows of input i leave through port 1 + i and are counted.
template <record Out, class State, class Keys, class... Inputs>
class ordered_scan_operation;

template <record Out, class State, class... K, class... Inputs>
class ordered_scan_operation<Out, State, std::tuple<K...>, Inputs...> final : public operation {
 public:
  explicit ordered_scan_operation(Inputs... inputs)
      : inputs_(std::move(inputs)...), held_(orders(inputs_)) {}

  void process(std::size_t input, const batch_ptr& rows, outputs& out) override {
    late_.clear();
    held_.keep(input, rows, late_);
    if (late_.empty()) return;
    late_rows_ += late_.size();
    auto part = std::make_shared<column_batch>(rows->fields(), out.pool(), late_.size());
    part->append(*rows, late_);
    out.put(1 + input, std::move(part));
  }

  void advance(instant watermark, outputs&) override { held_.release(watermark); }

  bool resume(outputs& out) override {
    if (!held_.has_released()) return false;
    auto& rows = held_.take(out.bounds().rows);
    state_.clear_gathered();
    for (const auto& h : rows) gather(h, indices{});
    to_.open(out);
    state_.update_gathered([&](State& s, std::size_t i) { apply(s, rows[i], indices{}); });
    to_.close();
    accesses_ += 2 * rows.size();
    return held_.has_released();
  }

  operation_counters counters() const override {
    return {.state_accesses = accesses_,
            .late_rows = late_rows_,
            .keys = state_.size(),
            .held_rows = held_.size(),
            .state_bytes = state_.bytes()};
  }

  saving how_to_save() const override { return saving_of<keyed_state<State, K...>>; }
  void keep_unsaved() override { state_.keep_unsaved(); }
  saved_state save(bool whole) override {
    saved_state saved = save_keys(state_, whole);
    snapshot_writer rest;
    held_.save(rest);
    saved.rest = rest.take();
    return saved;
  }
  result<void> load(const saved_state& from, key_group_range mine) override {
    if (auto keys = load_keys(state_, from, mine); !keys) return keys;
    if (from.rest.empty()) return {};  // a later piece has them
    snapshot_reader rest{from.rest};
    held_.load(
        rest, schemas(),
        [&](std::size_t input, const column_batch& rows, std::span<std::uint64_t> hashes) {
          hash_keys(input, rows, hashes, indices{});
        },
        mine);
    return rest.finish();
  }

 private:
  using indices = std::index_sequence_for<Inputs...>;

  static std::vector<order_columns> orders(const std::tuple<Inputs...>& inputs) {
    return std::apply([](const auto&... in) { return std::vector<order_columns>{in.order...}; },
                      inputs);
  }
  template <std::size_t... I>
  void gather(const held_rows::held& h, std::index_sequence<I...>) {
    ((h.input == I ? state_.gather(held_.batch_of(h), std::get<I>(inputs_).key_columns, h.row)
                   : static_cast<void>(0)),
     ...);
  }
  static std::vector<const schema*> schemas() {
    return {&schema_of<typename Inputs::record_type>()...};
  }
  template <std::size_t... I>
  void hash_keys(std::size_t input, const column_batch& rows, std::span<std::uint64_t> hashes,
                 std::index_sequence<I...>) {
    ((input == I ? key_columns{std::get<I>(inputs_).key_columns}.hash(rows, hashes)
                 : static_cast<void>(0)),
     ...);
  }
  template <std::size_t... I>
  void apply(State& s, const held_rows::held& h, std::index_sequence<I...>) {
    ((h.input == I ? apply_to(std::get<I>(inputs_), s, h) : static_cast<void>(0)), ...);
  }
  template <record T, class F>
  void apply_to(ordered_input<T, F>& input, State& s, const held_rows::held& h) {
    input.f(s, batch<T>{held_.batch_of(h)}[h.row], sluice::rows<Out>{to_});
  }

  std::tuple<Inputs...> inputs_;
  held_rows held_;
  keyed_state<State, K...> state_{changes::ignored};  // unless snapshots need them
  row_writer<Out> to_;
  std::vector<std::uint32_t> late_;
  std::uint64_t late_rows_ = 0;
  std::uint64_t accesses_ = 0;
};

}  // namespace sluice
