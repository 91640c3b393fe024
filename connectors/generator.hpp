#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sluice/connectors/pace.hpp"
#include "sluice/connectors/source.hpp"
#include "sluice/records/batch.hpp"

namespace sluice::from {

/// How rows are generated.
struct generate_options {
  std::uint64_t count = 0;  ///< Rows of all instances; 0: without end.
  std::uint64_t seed = 1;
  /// Rows a second of all instances, whether anyone keeps up or not; 0: as fast as they are taken.
  double rate = 0;
  pace::clock now = std::chrono::steady_clock::now;
};

/// What generates a row: its number from 0, or seed and number, and the row, empty, to be filled.
template <class Fn, class T>
concept row_function =
    std::invocable<Fn&, std::uint64_t, T&> || std::invocable<Fn&, std::uint64_t, std::uint64_t, T&>;

/// Calls `fn` for the rows of one instance; see `generate`.
template <record T, row_function<T> Fn>
class generated_rows final : public source_reader {
 public:
  generated_rows(Fn fn, const generate_options& options, const source_context& at)
      : fn_(std::move(fn)),
        options_(options),
        pace_(options.rate, options.now, at.position.empty() ? 0 : number_in(at.position)),
        out_(at.pool, at.bounds),
        next_(at.position.empty() ? at.instance : number_in(at.position)),
        step_(at.instances) {}

  result<read_batch> read() override {
    const std::uint64_t due = pace_.rows_due();
    while (next_ < due && !ended()) {
      if (!std::exchange(waiting_, true)) make();
      if (out_.full_for(made_)) return read_batch{out_.take(), read_state::more};
      out_.push(made_);
      waiting_ = false;
      next_ += step_;
    }
    return read_batch{out_.take(), ended() ? read_state::end : read_state::later};
  }

  std::string position() const override { return std::to_string(next_); }

  read_progress progress() const override {
    return {next_ / step_, options_.count == 0 ? 0 : (options_.count + step_ - 1) / step_};
  }

 private:
  // 0 without one.
  static std::uint64_t number_in(const std::string& position) {
    return std::strtoull(position.c_str(), nullptr, 10);
  }
  bool ended() const { return options_.count != 0 && next_ >= options_.count; }

  void make() {
    made_ = T{};
    if constexpr (std::invocable<Fn&, std::uint64_t, std::uint64_t, T&>)
      fn_(options_.seed, next_, made_);
    else
      fn_(next_, made_);
  }

  Fn fn_;
  generate_options options_;
  pace pace_;
  batch_builder<T> out_;
  std::uint64_t next_;
  std::uint64_t step_;
  T made_{};              // row next_, if waiting_
  bool waiting_ = false;  // for the next batch
};

/// Generates rows with a function of their number, so that the same rows come whatever the
/// instances and batches: instance i of n makes the rows i, i + n, i + 2n, …
///
///   g.source("clicks", from::generate<click>{
///       [](std::uint64_t seed, std::uint64_t row, click& c) { c.user = hash_key(seed + row) % 100;
///       },
///       {.count = 1'000'000, .seed = 7}})
///
/// Every instance calls its own copy of the function. Text it points to must live until the next
/// call.
template <record T>
class generate {
 public:
  using record_type = T;

  template <row_function<T> Fn>
  explicit generate(Fn fn, generate_options options = {})
      : open_([fn = std::move(fn), options](const source_context& at) {
          return std::make_unique<generated_rows<T, Fn>>(fn, options, at);
        }),
        options_(options) {}

  result<std::unique_ptr<source_reader>> open(const source_context& at) const { return open_(at); }
  std::string describe() const { return describe_generated(options_.count, options_.rate); }

 private:
  std::function<std::unique_ptr<source_reader>(const source_context&)> open_;
  generate_options options_;
};

}  // namespace sluice::from
