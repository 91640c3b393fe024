#pragma once

#include <cstddef>
#include <cstdint>

#include "sluice/messages/marker.hpp"
#include "sluice/operators/batch_policy.hpp"

namespace sluice {

/// Why a caching stage flushed.
enum class flush_cause : std::uint8_t { marker, size, timer, batch, end };
inline constexpr std::size_t flush_causes = 5;

/// Decides when a stage that gathers rows gives them on (FEATURES P2, P5–P7, S1–S12).
///
///   policy   marker             so many rows   own timer   every batch
///   off      –                  –              –           yes
///   micro    yes                –              –           –
///   mini     COMMIT and END     yes            yes         –
///   both     yes                yes            –           –           (auto starts as this)
///
/// Rows are counted since the last flush. When grouping does not pay (output rows ÷ input rows of a
/// flush above 0.8) the stage is bypassed: it flushes after every batch, as `off` does, and looks
/// again at one batch of 16; below 0.7 it gathers again (P10). Fewer than 256 rows decide nothing:
/// a smaller flush bypasses no stage, and of smaller batches so many are gathered as make one
/// sample, after 15 times as many rows.
///
///   bypassed   |batch|batch| … |batch|──sample──|batch|batch| …     flushes at |
///               ≥ 15 batches, ≥ 3840 rows  ≥ 256 rows
class batching {
 public:
  static constexpr double bypass_above = 0.8;
  static constexpr double return_below = 0.7;
  static constexpr std::size_t sample_every = 16;
  static constexpr std::size_t smallest_sample = 256;

  /// How often the bypass was switched.
  struct switches {
    std::uint64_t to_bypass = 0;
    std::uint64_t to_gathering = 0;
    bool operator==(const switches&) const = default;
  };

  /// `size` is miniBatch.size in rows. `adaptive` switches the bypass on: only for results that may
  /// be given at any moment (`emit::updates`).
  batching(batch_policy policy, std::size_t size, bool adaptive);

  /// Rows that may be taken before the next flush is due; at least 1.
  std::size_t room() const;
  /// Counts `n ≤ room()` rows; true if a flush is due now.
  [[nodiscard]] bool took(std::size_t n);
  /// True if the stage flushes at this marker.
  bool flushes_at(const marker& m) const;
  /// True if the stage flushes by a timer of its own.
  bool timed() const { return policy_ == batch_policy::mini; }
  /// The cause of the flush that `took` asked for.
  flush_cause cause() const;

  /// Counts a flush that turned the rows since the last one into `out` rows.
  void flushed(std::size_t out);

  bool bypassing() const { return bypassing_; }
  /// Of a bypassed stage: what comes now shows whether keys repeat again.
  bool sampling() const {
    return bypassing_ && batches_ + 1 >= sample_every &&
           passed_rows_ >= (sample_every - 1) * smallest_sample;
  }
  switches switched() const { return switched_; }
  /// Output rows ÷ input rows that decided the last switch; 0 before the first.
  double switch_ratio() const { return switch_ratio_; }
  /// Output rows ÷ input rows of the last flush that had input.
  double output_ratio() const { return ratio_; }
  std::size_t gathered_rows() const { return rows_; }
  /// The most rows that were ever gathered.
  std::size_t most_gathered() const { return most_; }

 private:
  bool every_batch() const { return policy_ == batch_policy::off || bypassing_; }
  void switch_to(bool bypass, double ratio);
  bool sized() const { return policy_ != batch_policy::off && policy_ != batch_policy::micro; }

  batch_policy policy_;
  std::size_t size_;
  bool adaptive_;
  bool bypassing_ = false;
  std::size_t rows_ = 0;
  std::size_t most_ = 0;
  std::size_t batches_ = 0;  // passed by since the last sample, and their rows
  std::size_t passed_rows_ = 0;
  std::size_t sample_in_ = 0;  // rows of the sample so far: a marker may flush in between
  std::size_t sample_out_ = 0;
  double ratio_ = 0;
  switches switched_;
  double switch_ratio_ = 0;
};

}  // namespace sluice
