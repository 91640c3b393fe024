#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sluice/bench/harness/contest.hpp"

namespace sluice::bench {

/// The bound of anything that moves rows: memcpy of three columns of 8 bytes, batch by batch, into
/// one buffer that is written over and over.
class column_copy {
 public:
  explicit column_copy(std::size_t batch_rows);

  /// Copies at least `rows` rows. The answer is the sum of the columns of the last copy.
  outcome run(std::uint64_t rows);

  /// What `run` must answer.
  answer expected() const;

 private:
  std::vector<std::uint64_t> from_;  // column after column
  std::vector<std::uint64_t> to_;
  std::size_t batch_rows_;
};

}  // namespace sluice::bench
