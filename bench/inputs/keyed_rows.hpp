#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace sluice::bench {

class zipf;

enum class distribution {
  uniform,
  zipf,  // exponent 1, ranks scattered over the ids
  hot,   // 90 % one key, the rest uniform
};

/// Dense keys are the ids 0 … K - 1. Opaque ones are `mix(id)`: the default, because consecutive
/// integers flatter a table.
enum class key_kind { dense, opaque };

/// Which rows of the keyed-sum benchmark.
struct keyed_input {
  distribution spread = distribution::uniform;
  std::uint64_t keys = 1000;
  key_kind kind = key_kind::opaque;

  bool operator==(const keyed_input&) const = default;
};

/// "uniform/100k/opaque".
std::string to_string(const keyed_input& input);

/// Makes the rows of the keyed-sum benchmark: `x = mix(42 + i)`, the key drawn from the upper half
/// of x, the value `x & 0xffff`. Rows have no state between them.
class keyed_rows {
 public:
  explicit keyed_rows(const keyed_input& input);
  ~keyed_rows();

  /// Writes rows `first` … `first + keys.size() - 1`; both columns have one size.
  void fill(std::uint64_t first, std::span<std::uint64_t> keys,
            std::span<std::int64_t> values) const;

  /// The key of id 0 ≤ `id` < K.
  std::uint64_t key_of(std::uint64_t id) const;

  const keyed_input& input() const { return input_; }

 private:
  keyed_input input_;
  std::unique_ptr<const zipf> ranks_;  // for zipf only
};

}  // namespace sluice::bench
