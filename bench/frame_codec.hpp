#pragma once

#include <cstdint>
#include <memory>

#include "sluice/bench/harness/contest.hpp"
#include "sluice/records/column_batch.hpp"

namespace sluice::bench {

/// A frame of rows of 24 bytes made, looked at and read, over and over, as two hubs do with it;
/// less what the checksum takes at both ends, which is measured beside it over the same bytes.
class frame_codec {
 public:
  explicit frame_codec(std::size_t batch_rows);

  /// At least `rows` rows. The answer is the sum of the columns that were read last, that of
  /// `column_copy`.
  outcome run(std::uint64_t rows);

 private:
  buffer_pool pool_;
  std::shared_ptr<column_batch> batch_;
};

}  // namespace sluice::bench
