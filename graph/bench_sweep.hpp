#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sluice/records/result.hpp"

namespace sluice {

/// A setting as `bench --sweep` goes through it.
struct bench_sweep {
  struct value {
    std::int64_t number = 0;
    std::string shown;  ///< `10 ms`
  };
  std::string name;  ///< As it was asked for: `interval`. Empty: no sweep, one value that says so.
  std::string key;   ///< As in a file: `microBatch.allowLatencyMs`.
  std::vector<value> values;  ///< Ascending.
};

/// Reads `KEY=A..B`, or `interval` alone for 10 ms to 10 s: A, what 1, 2 and 5 times a power of ten
/// lie between, and B. Any setting of the graph that is a number, a time or a size will do, and
/// `interval` is `microBatch.allowLatencyMs`. Errors: `refused`, with what would be right.
result<bench_sweep> read_bench_sweep(std::string_view text);

/// The one run of a `bench` without a sweep.
bench_sweep no_sweep();

/// The places 0 … n - 1 in an order drawn from `seed`, the same everywhere.
std::vector<std::size_t> drawn_order(std::size_t n, std::uint64_t seed);

}  // namespace sluice
