#pragma once

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "sluice/operators/operation.hpp"

namespace sluice {

/// Gives on what it gets: the operation of a stage that only gathers and spreads.
class identity_operation : public operation {
 public:
  void process(std::size_t, const batch_ptr& rows, outputs& out) override { out.put(0, rows); }
};

/// One row in, one row out: `f(const In&) -> Out`.
template <record In, record Out, class F>
class map_operation : public operation {
 public:
  explicit map_operation(F f) : f_(std::move(f)) {}

  void process(std::size_t, const batch_ptr& rows, outputs& out) override {
    const batch<In> in{*rows};
    to_.open(out);
    for (std::size_t i = 0; i < in.size(); ++i) to_.push(f_(in[i]));
    to_.close();
  }

 private:
  F f_;
  row_writer<Out> to_;
};

/// One row in, any number out: `f(const In&, rows<Out>)`, or two kinds of rows: `f(const In&,
/// rows<Out>, rows<Side>)` with the second through port 1.
template <record In, record Out, class F>
class flat_map_operation : public operation {
 public:
  explicit flat_map_operation(F f) : f_(std::move(f)) {}

  void process(std::size_t, const batch_ptr& rows, outputs& out) override {
    const batch<In> in{*rows};
    to_.open(out);
    for (std::size_t i = 0; i < in.size(); ++i) f_(in[i], sluice::rows<Out>{to_});
    to_.close();
  }

 private:
  F f_;
  row_writer<Out> to_;
};

template <record In, record Out, record Side, class F>
class side_flat_map_operation : public operation {
 public:
  explicit side_flat_map_operation(F f) : f_(std::move(f)) {}

  void process(std::size_t, const batch_ptr& rows, outputs& out) override {
    const batch<In> in{*rows};
    to_.open(out);
    aside_.open(out);
    for (std::size_t i = 0; i < in.size(); ++i)
      f_(in[i], sluice::rows<Out>{to_}, sluice::rows<Side>{aside_});
    to_.close();
    aside_.close();
  }

 private:
  F f_;
  row_writer<Out> to_{0};
  row_writer<Side> aside_{1};
};

/// Keeps the rows for which `f(const In&)` is true (port 0); the others go through port 1.
template <record In, class F>
class split_operation : public operation {
 public:
  /// `both`: the rejected rows are wanted too.
  split_operation(F f, bool both) : f_(std::move(f)), both_(both) {}

  void process(std::size_t, const batch_ptr& rows, outputs& out) override {
    const batch<In> in{*rows};
    kept_.clear();
    other_.clear();
    for (std::uint32_t i = 0; i < in.size(); ++i) (f_(in[i]) ? kept_ : other_).push_back(i);
    give(0, rows, kept_, out);
    if (both_) give(1, rows, other_, out);
  }

 private:
  static void give(std::size_t port, const batch_ptr& rows,
                   const std::vector<std::uint32_t>& chosen, outputs& out) {
    if (chosen.size() == rows->size()) return out.put(port, rows);
    if (chosen.empty()) return;
    auto part = std::make_shared<column_batch>(rows->fields(), out.pool(), chosen.size(),
                                               rows->text_room());
    part->append(*rows, chosen);
    out.put(port, std::move(part));
  }

  F f_;
  bool both_;
  std::vector<std::uint32_t> kept_;
  std::vector<std::uint32_t> other_;
};

/// A whole batch at a time: `f(const batch<In>&, rows<Out>)`.
template <record In, record Out, class F>
class map_batch_operation : public operation {
 public:
  explicit map_batch_operation(F f) : f_(std::move(f)) {}

  void process(std::size_t, const batch_ptr& rows, outputs& out) override {
    to_.open(out);
    f_(batch<In>{*rows}, sluice::rows<Out>{to_});
    to_.close();
  }

 private:
  F f_;
  row_writer<Out> to_;
};

}  // namespace sluice
