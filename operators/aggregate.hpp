#pragma once

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "sluice/operators/accumulators.hpp"
#include "sluice/operators/emission.hpp"
#include "sluice/operators/keyed_state.hpp"
#include "sluice/operators/operation.hpp"
#include "sluice/records/assert.hpp"

namespace sluice {

/// A key and what was aggregated for it: the result of `aggregate` with one key field and one
/// accumulator.
template <field_value K, field_value V>
struct tally {
  K key;
  V value;
};
template <class K, class V>
constexpr auto sluice_describe(const tally<K, V>*) {
  return describe_record("tally", describe_field(&tally<K, V>::key, "key"),
                         describe_field(&tally<K, V>::value, "value"));
}

/// Gives a keyed stage's results on, a batch at a time, so that a flush of millions of keys stops
/// when the channels are full. `Results` has `emit_row(key, state) -> Out`.
template <record Out, class State, class Keys>
class result_emission {
 public:
  explicit result_emission(const schema* fields = nullptr) : to_(0, fields) {}

  /// Starts on the keys changed since the last call; `clear` empties the whole state afterwards.
  void start_changes(bool clear) {
    mode_ = mode::changes;
    clear_ = clear;
    at_ = 0;
  }
  void start_all() {
    mode_ = mode::all;
    at_ = 0;
  }

  /// Emits about one batch; true while something is left.
  template <class F>
  bool resume(Keys& state, outputs& out, F&& row_of) {
    if (mode_ == mode::none) return false;
    to_.open(out);
    const std::size_t most = out.bounds().rows;
    const auto give = [&](const auto& key, State& s) { to_.push(row_of(key, s)); };
    bool done = false;
    if (mode_ == mode::changes) {
      const std::size_t n = std::min(most, state.changed() - at_);
      state.for_each_changed(at_, n, give);
      at_ += n;
      done = at_ == state.changed();
    } else {
      at_ = state.for_some(at_, most, give);
      done = at_ == state.slots();
    }
    if (!done) return true;
    to_.close();
    if (mode_ == mode::changes) clear_ ? state.clear() : state.clear_changes();
    mode_ = mode::none;
    return false;
  }

 private:
  enum class mode { none, changes, all };
  mode mode_ = mode::none;
  bool clear_ = false;
  std::size_t at_ = 0;
  row_writer<Out> to_;
};

/// The part aggregate and reduce share: when state is given on.
template <record Out, class State, key_value... K>
class keyed_results : public operation {
 public:
  /// `fields` names the output's columns; null: as Out does.
  keyed_results(std::vector<std::size_t> key_columns, emit when, const schema* fields = nullptr)
      : columns_(std::move(key_columns)), when_(when), emission_(fields) {}

  void flush(outputs&) override {
    if (when_ != emit::updates) return;
    accesses_ += 2 * state_.changed();
    emission_.start_changes(/*clear=*/false);
  }
  void end_epoch(const marker&, outputs&) override {
    if (when_ != emit::per_epoch) return;
    accesses_ += 2 * state_.changed();
    emission_.start_changes(/*clear=*/true);
  }
  void finish(outputs&) override {
    if (when_ != emit::final) return;
    accesses_ += 2 * state_.size();
    emission_.start_all();
  }
  bool resume(outputs& out) override {
    return emission_.resume(state_, out,
                            [this](const auto& key, State& s) { return row_of(key, s); });
  }
  bool caches() const override { return when_ == emit::updates; }
  bool delays_rows() const override { return true; }
  std::size_t gathered() const override { return state_.changed(); }
  operation_counters counters() const override {
    return {.state_accesses = accesses_, .keys = state_.size(), .state_bytes = state_.bytes()};
  }

  saving how_to_save() const override { return saving_of<keyed_state<State, K...>>; }
  void keep_unsaved() override { state_.keep_unsaved(); }
  saved_state save(bool whole) override { return save_keys(state_, whole); }
  result<void> load(const saved_state& from, key_group_range mine) override {
    return load_keys(state_, from, mine);
  }

 protected:
  virtual Out row_of(const std::tuple<K...>& key, const State& state) const = 0;

  std::vector<std::size_t> columns_;
  keyed_state<State, K...> state_;

 private:
  emit when_;
  std::uint64_t accesses_ = 0;
  result_emission<Out, State, keyed_state<State, K...>> emission_;
};

/// Accumulators per key. An output row is made of the key's fields, then the results, in order.
template <record T, record Out, class Keys, class... A>
class aggregate_operation;

template <record T, record Out, class... K, class... A>
class aggregate_operation<T, Out, std::tuple<K...>, A...> final
    : public keyed_results<Out, typename accumulators<T, A...>::state, K...> {
  using state = typename accumulators<T, A...>::state;
  using base = keyed_results<Out, state, K...>;

 public:
  aggregate_operation(std::vector<std::size_t> key_columns, emit when, const schema* out_fields,
                      A... all)
      : base(std::move(key_columns), when, out_fields), gather_(std::move(all)...) {
    for (std::size_t k = 0; k < sizeof...(K); ++k) combined_columns_.push_back(k);
  }

  /// Takes rows of `T`, or such as a `key_combiner` made of them.
  void process(std::size_t, const batch_ptr& rows, outputs&) override {
    if (rows->fields().combined) return join(*rows);
    const batch<T> in{*rows};
    this->state_.update(*rows, this->columns_,
                        [&](state& s, std::size_t row) { gather_.add(s, in[row]); });
  }

 protected:
  Out row_of(const std::tuple<K...>& key, const state& s) const override {
    return gather_.template result<Out>(key, s);
  }

 private:
  void join(const column_batch& rows) {
    if constexpr ((... && sendable_accumulator<A>))
      this->state_.update(rows, combined_columns_, [&](state& s, std::size_t row) {
        gather_.join(s, rows, sizeof...(K), row);
      });
    else
      SLUICE_ASSERT(false, "only what can be combined is");
  }

  accumulators<T, A...> gather_;
  std::vector<std::size_t> combined_columns_;
};

namespace detail {
template <class T>
struct reduced {
  T value{};
  bool any = false;
};
}  // namespace detail

/// Joins the rows of a key two by two: `f(T& so_far, const T& row)`. The first row of a key is
/// taken as it is.
template <record T, class F, key_value... K>
class reduce_operation final : public keyed_results<T, detail::reduced<T>, K...> {
  using state = detail::reduced<T>;

 public:
  reduce_operation(std::vector<std::size_t> key_columns, emit when, F f)
      : keyed_results<T, state, K...>(std::move(key_columns), when), f_(std::move(f)) {}

  void process(std::size_t, const batch_ptr& rows, outputs&) override {
    const batch<T> in{*rows};
    this->state_.update(*rows, this->columns_, [&](state& s, std::size_t row) {
      if (s.any)
        f_(s.value, in[row]);
      else
        s = {in[row], true};
    });
  }

 protected:
  T row_of(const std::tuple<K...>&, const state& s) const override { return s.value; }

 private:
  F f_;
};

}  // namespace sluice
